import type { SocketEvent } from "./generated.js";

/** Something changed: see {@link SocketEvent}. */
export interface SocketChangedEvent extends Event {
  detail: SocketEvent;
}

/** Every event of a socket by its name. */
export interface SocketEventMap extends WebSocketEventMap {
  change: SocketChangedEvent;
}

const NAMES = ["open", "message", "error", "close"] as const;
type Handler = ((event: Event) => unknown) | null;
type Slot = { handler: Handler; listener: (event: Event) => void };
const slots = new WeakMap<object, Map<string, Slot>>();

/** `onopen` and the like: a listener whose place among the others is that of the first function that was set. */
export function defineHandlers(prototype: object): void {
  for (const name of NAMES) {
    Object.defineProperty(prototype, `on${name}`, {
      enumerable: true,
      configurable: true,
      get(this: EventTarget) {
        return slots.get(this)?.get(name)?.handler ?? null;
      },
      set(this: EventTarget, value: unknown) {
        const own = slots.get(this) ?? new Map<string, Slot>();
        slots.set(this, own);
        const slot = own.get(name);
        if (typeof value !== "function") {
          own.delete(name);
          if (slot) this.removeEventListener(name, slot.listener);
        } else if (slot) {
          slot.handler = value as Handler;
        } else {
          const made: Slot = {
            handler: value as Handler,
            listener: (event) => made.handler?.call(this, event),
          };
          own.set(name, made);
          this.addEventListener(name, made.listener);
        }
      },
    });
  }
}

/** The same event for another socket; one that was dispatched cannot be dispatched again. */
export function messageEvent(event: MessageEvent): MessageEvent {
  const { data, origin, lastEventId } = event;
  return new MessageEvent("message", { data, origin: origin ?? "", lastEventId: lastEventId ?? "" });
}

/** Where there is no such class, an event with its properties. */
export function closeEvent(code: number, reason: string, wasClean: boolean): Event {
  const said = { code, reason, wasClean };
  return typeof CloseEvent === "function" ? new CloseEvent("close", said) : Object.assign(new Event("close"), said);
}
