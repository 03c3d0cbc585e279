/** wasm-bindgen's JavaScript. */
declare module "tidegate:glue" {
  export class Engine {
    constructor(settings: object, onEvent: (...event: never) => void, onPanic: (file: string, line: number) => void);
    byHand(scope: string, shut: boolean, early: boolean): void;
    configure(settings: object): void;
    fellBack(): void;
    fetch(request: Request, init: unknown): Promise<[response: unknown, said: object, rejection?: unknown]>;
    health(): unknown;
    run(
      name: string,
      options: unknown,
      task: (attempt: never) => unknown,
      signal: AbortSignal | undefined,
    ): Promise<[value: unknown, refusal?: object, error?: unknown]>;
    shutDown(): void;
    trace(): string | undefined;
  }
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/** The module, deflated, in base64. */
declare module "tidegate:wasm" {
  const deflated: string;
  export default deflated;
}
