/** Where the WebAssembly module comes from. */
export type WasmSource = string | URL | Response | BufferSource | WebAssembly.Module;
