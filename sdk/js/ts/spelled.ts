/** The first of two letters that stand for one byte. All others are below. */
const LEAD = 0x7d;

/**
 * The bytes that ../spelling.mjs wrote as text: first how each of the 256 is written, then the bytes themselves.
 *
 * Text that was damaged on its way makes a module that does not compile.
 */
export function unspelled(text: string): Uint8Array<ArrayBuffer> {
  let at = 0;
  const spelling = () => {
    const letter = text.charCodeAt(at++);
    return letter < LEAD ? letter : (letter << 7) | text.charCodeAt(at++);
  };
  const meaning = new Uint8Array(1 << 14);
  for (let byte = 0; byte < 256; byte++) meaning[spelling()] = byte;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  while (at < text.length) bytes[length++] = meaning[spelling()] ?? 0;
  return bytes.subarray(0, length);
}
