// A browser without a window and without a driver, on a page, with a profile that knows nothing.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What keeps Chromium to the page, also as root in a container. */
const CHROMIUM = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-proxy-server",
];

/** What keeps Firefox to the page. */
const FIREFOX = `user_pref("app.normandy.enabled", false);
user_pref("app.update.auto", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.region.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.proxy.type", 0);
user_pref("toolkit.telemetry.enabled", false);
`;

/** Opens an address; `ended` is rejected when the browser ends by itself. */
export function open(kind, program, address) {
  const profile = mkdtempSync(join(tmpdir(), "tidegate-bench-"));
  const child = spawn(program, [...words(kind, profile), address], { stdio: "ignore" });
  let over;
  const exited = new Promise((resolve) => (over = resolve));
  const ended = new Promise((_, reject) => {
    child.on("error", reject);
    child.on("exit", () => {
      over();
      reject(new Error(`${kind} ended before the page was done`));
    });
  });
  // Whoever ends it does not wait for that any more.
  ended.catch(() => {});
  const end = async () => {
    child.kill();
    await exited;
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    } catch {
      // Its other processes may still be writing as they end; what they leave is in the system's folder for such things.
    }
  };
  return { ended, end };
}

function words(kind, profile) {
  if (kind === "chromium") return [...CHROMIUM, `--user-data-dir=${profile}`];
  writeFileSync(join(profile, "user.js"), FIREFOX);
  return ["--headless", "--no-remote", "--profile", profile];
}
