/// <reference path="./modules.d.ts" />

import { copied } from "tidegate:boundary";

import type { SendState } from "./socket-options.js";
import type { SocketData } from "./socket-shape.js";

/** As much as waits for a connection later, where nothing else is set. What waits for the engine waits for milliseconds. */
const MOST_BYTES = 1_048_576;

/** What waits for the engine, or without one for the browser. */
export class Waiting {
  bytes = 0;
  #data: [data: SocketData, bytes: number][] = [];

  add(data: SocketData, bytes: number): SendState {
    if (this.bytes + bytes > MOST_BYTES) return "dropped";
    this.#data.push([copied(data), bytes]);
    this.bytes += bytes;
    return "queued";
  }

  /** All of it, in order. */
  flush(send: (data: SocketData, bytes: number) => unknown): void {
    const all = this.#data;
    this.clear();
    for (const [data, bytes] of all) send(data, bytes);
  }

  clear(): void {
    this.#data = [];
    this.bytes = 0;
  }
}
