import { checkedPlace, checkedProtocols, checkedUrl } from "./socket-check.js";
import type { Provided, SocketOptions, Streams } from "./socket-options.js";

type Found = [url: string, ...protocols: string[]];

/** Where a socket goes, or who says it; told whether the server wants another token. */
export type Address = Found | ((refresh: boolean) => Promise<Found>);

/** @throws `SyntaxError` as the standard has it; of what a function says, its promise is rejected. */
export function finder(
  url: Provided<string | URL>,
  protocols: Provided<string | string[]>,
  wire: SocketOptions["wire"],
  position: () => string | undefined = () => undefined,
): Address {
  const found = (url: unknown, protocols: unknown): Found => {
    const list = checkedProtocols(protocols);
    if (wire === "tidegate.v1" && !list.includes(wire)) list.unshift(wire);
    return [checkedUrl(url), ...list];
  };
  if (typeof url !== "function" && typeof protocols !== "function") return found(url, protocols);
  const ask = (one: unknown, refresh: boolean) => {
    const at = position();
    return typeof one === "function" ? one(at === undefined ? { refresh } : { refresh, position: at }) : one;
  };
  return async (refresh) => found(...(await Promise.all([ask(url, refresh), ask(protocols, refresh)])));
}

/** Where event streams are, for the engine. @throws `SyntaxError` when it is no URL; of what a function says, its promise is rejected. */
export function place(streams: Streams): string | ((channel: string, refresh: boolean) => Promise<string | Request>) {
  if (typeof streams !== "function") return checkedPlace(streams);
  return async (channel, refresh) => {
    const said = await streams({ channel, refresh });
    return typeof said === "string" || said instanceof URL ? checkedPlace(said) : said;
  };
}
