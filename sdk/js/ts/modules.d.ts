/** wasm-bindgen's JavaScript. */
declare module "tidegate:glue" {
  export class Engine {
    constructor(settings: object, onEvent: (...event: never) => void, onPanic: (file: string, line: number) => void);
    fetch(request: Request): Promise<[Response, object] | [undefined, object]>;
    health(): unknown;
    shutDown(): void;
  }
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/** The module, deflated, in base64. */
declare module "tidegate:wasm" {
  const deflated: string;
  export default deflated;
}
