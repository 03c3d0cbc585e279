/** wasm-bindgen's JavaScript. */
declare module "tidegate:glue" {
  export class Engine {
    constructor(settings: object, onEvent: (...event: never) => void, onPanic: (file: string, line: number) => void);
    authorize(hook?: unknown): void;
    byHand(scope: string, shut: boolean, early: boolean): void;
    configure(settings: object): void;
    decide(entry: number, decision: string): Promise<void>;
    edit(entry: number, request: Request): Promise<void>;
    fellBack(): void;
    fetch(request: Request, init: unknown): Promise<[response: unknown, said: object, rejection?: unknown]>;
    flush(): Promise<void>;
    forget(url?: string, tag?: string): Promise<number>;
    forgetQueue(user: string): Promise<void>;
    health(): unknown;
    hurry(): void;
    kept(): Promise<never[]>;
    logOut(user?: string): Promise<void>;
    queued(): Promise<never[]>;
    request(entry: number): Promise<Request>;
    route(place: string, options: object): void;
    run(
      name: string,
      options: unknown,
      task: (attempt: never) => unknown,
      signal: AbortSignal | undefined,
    ): Promise<[value: unknown, refusal?: object, error?: unknown]>;
    setIdentity(user?: string): void;
    shutDown(): void;
    socket(address: unknown, options: object, tell: (word: string, said: never) => unknown): Line;
    trace(): string | undefined;
  }
  export class Line {
    close(): void;
    forget(question: number): void;
    health(): unknown;
    pause(channel: string, pauses: boolean): void;
    positions(): string;
    publish(channel: string, data: string, acknowledged: boolean): unknown;
    publishDurable(channel: string, data: string, key?: string): Promise<unknown>;
    queued(): number;
    reconnect(): boolean;
    rpc(
      method: string,
      data: string,
      timeoutMs: number | undefined,
      idempotent: boolean,
      end: (word: string, said?: string, code?: number, temporary?: boolean) => void,
    ): number;
    send(data: unknown, bytes: number): number;
    subscribe(channel: string, everyMs: number | undefined, message: unknown, snapshot?: unknown): void;
    unsubscribe(channel: string): void;
  }
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/** The sdk's own JavaScript. */
declare module "tidegate:boundary" {
  /** The bytes as they are now. */
  export function copied<Data>(data: Data): Data;
  export function letAllGo(): void;
}

/** What WebAssembly has to be given for the module. */
declare module "tidegate:imports" {
  const imports: WebAssembly.Imports;
  export default imports;
}

/** The module as text, for `unspelled`. */
declare module "tidegate:wasm" {
  const text: string;
  export default text;
}
