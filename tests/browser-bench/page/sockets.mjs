// Sockets that come back, in one run: how soon after a kill, and how many messages a second.

import { contenders, told } from "./sockets/contenders.mjs";
import { echo } from "./sockets/echo.mjs";
import { recovery } from "./sockets/recovery.mjs";

export async function sockets(course) {
  const all = await contenders();
  return { recovery: await recovery(course, all, await told()), echo: await echo(course, all) };
}
