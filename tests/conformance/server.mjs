// The suite's own server, bound to this machine: by itself it listens on every address.
//
// node server.mjs <site> <engine>: the suite's code is in <site>/suite/<engine>. Serves <site> and, beside it, the answers of the tests, until it is killed. It says on which port.

import http from "node:http";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const { listen } = http.Server.prototype;
http.Server.prototype.listen = function listenHere(port) {
  return listen.call(this, port, "127.0.0.1");
};

const [folder, engine] = process.argv.slice(2);
const site = path.resolve(folder);
process.chdir(site);
process.env.npm_config_protocol = "http";
process.env.npm_config_port = "0";
process.env.npm_config_pidfile = "server.pid";
await import(pathToFileURL(path.join(site, "suite", engine, "server/server.mjs")).href);
