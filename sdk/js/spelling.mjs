// Writes the module as text, for the entry that carries it inside. The reader is ts/spelled.ts.
//
// Base64 would hide from the web server's brotli that the module is made of bytes: deflated and in base64 it weighs a fifth more than
// by itself. Here nearly every byte is one letter, so brotli finds in the text what it finds in the module. One byte in sixteen is
// written as two letters, of which the first is one of LEADS.
//
// Only visible ASCII: it means the same whatever character set the page or the server names. None of it is a quote, a backslash, `$`,
// `<` or `*`: no bundler has to escape a letter, and the text closes no string, template, comment or <script>.
//
// Which letter is which byte is decided by brotli: when it writes a letter, it looks at what kind of letters the two before it are
// (RFC 7932, section 7.1), and bytes of one kind should be followed by the same things. With the letters in any order the text weighs
// 2 KB more. The text begins with the spelling of all 256 bytes, so the reader knows none of this.

const VOWELS = "aeiou";
const CONSONANTS = "bcdfghjklmnpqrstvwxyz";
const MARKS = "!#&+-/?@^_|";

const among =
  (...bytes) =>
  (byte) =>
    bytes.includes(byte);
const between = (first, last) => (byte) => byte >= first && byte <= last;
const either = (one, other) => (byte) => one(byte) || other(byte);

/** Letters that brotli takes for one kind, and bytes to write with them. Who comes first takes its most frequent ones. */
const KINDS = [
  // What most instructions begin with.
  [VOWELS, among(0x20, 0x21, 0x22, 0x23, 0x7e)], // local.get, local.set, local.tee, global.get, i64
  [VOWELS.toUpperCase(), among(0x28, 0x29, 0x36, 0x37, 0x38)], // i32.load, i64.load, i32.store, i64.store, f32.store
  ["%", among(0x41)], // i32.const
  [".", among(0x6a)], // i32.add
  ["=", among(0x10)], // call
  [",:;", among(0x0c, 0x0d, 0x0e)], // br, br_if, br_table
  ["([{", among(0x00, 0x14, 0x24)], // nothing, a place in a record, global.set
  [")>]", among(0x02, 0x04, 0x12)], // block, if
  // Small numbers.
  [MARKS, either(between(0x01, 0x1f), among(0x40, 0x7f))],
  // All but the last byte of larger numbers.
  [CONSONANTS, either(between(0x80, 0xff), among(0x42))],
  // Comparing and reckoning.
  ["0123456789", either(between(0x45, 0x4f), between(0x66, 0x77))],
  // Texts, and what is left.
  [CONSONANTS.toUpperCase(), () => true],
];
const LEADS = "}~";

/** A text that ts/spelled.ts makes these bytes of. */
export function spelled(bytes) {
  const letters = spellings(bytes);
  return letters.join("") + Array.from(bytes, (byte) => letters[byte]).join("");
}

/** How each of the 256 bytes is written. */
function spellings(bytes) {
  const often = new Array(256).fill(0);
  for (const byte of bytes) often[byte]++;
  const spellings = [];
  for (const [letters, belong] of KINDS) {
    const wanted = [...often.keys()].filter((byte) => belong(byte) && spellings[byte] === undefined);
    const chosen = wanted.sort((one, other) => often[other] - often[one]).slice(0, letters.length);
    chosen.sort((one, other) => one - other).forEach((byte, at) => (spellings[byte] = letters[at]));
  }
  const pairs = [...LEADS].flatMap((lead) => [...ALL].map((letter) => lead + letter));
  return often.map((_, byte) => spellings[byte] ?? pairs.shift());
}

const ALL = [...KINDS.map(([letters]) => letters), LEADS].join("");
