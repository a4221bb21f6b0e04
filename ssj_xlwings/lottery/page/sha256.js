"use strict";
// SHA-256 (FIPS 180-4). The rows of a pool are short and many, so they are hashed here, one after the other, in one
// buffer; a call of WebCrypto for each of them would take far longer. Whole files go to WebCrypto where there is one.

const ROUND = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const START = new Int32Array([0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]);
const DIGITS = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
const words = new Int32Array(64);
const state = new Int32Array(8);
const utf8 = new TextEncoder();
let buffer = new Uint8Array(4096);

/** One block of 64 bytes into the state. */
function compress(bytes, at) {
  for (let i = 0; i < 16; i++, at += 4) {
    words[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15], y = words[i - 2];
    const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = (words[i - 16] + low + words[i - 7] + high) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const s = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
    const t = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (t + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

/** The state after `bytes[0 … length)`; the 72 bytes after them are overwritten with the padding. */
function absorb(bytes, length) {
  const end = ((length + 8) >>> 6) * 64 + 64;
  bytes.fill(0, length, end);
  bytes[length] = 0x80;
  const high = Math.floor(length / 0x20000000), low = length << 3;
  for (let i = 0; i < 4; i++) {
    bytes[end - 8 + i] = high >>> (24 - 8 * i);
    bytes[end - 4 + i] = low >>> (24 - 8 * i);
  }
  state.set(START);
  for (let at = 0; at < end; at += 64) compress(bytes, at);
}

/** The text's UTF-8 bytes into the buffer from `at` on; where they end. */
function put(text, at) {
  if (at + text.length * 3 + 136 > buffer.length) {
    const larger = new Uint8Array(2 * (at + text.length * 3 + 136));
    larger.set(buffer.subarray(0, at));
    buffer = larger;
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return at + utf8.encodeInto(text, buffer.subarray(at)).written;
    buffer[at + i] = code;
  }
  return at + text.length;
}

function stateBytes(out, at) {
  for (let i = 0; i < 8; i++, at += 4) {
    out[at] = state[i] >>> 24; out[at + 1] = state[i] >>> 16; out[at + 2] = state[i] >>> 8; out[at + 3] = state[i];
  }
}

const last = new Uint8Array(32);
function stateHex() {
  stateBytes(last, 0);
  return hexOf(last);
}

const digits = new Uint8Array(64);
/** 32 bytes in hex. */
function hexOf(bytes) {
  for (let i = 0; i < 32; i++) {
    digits[2 * i] = DIGITS[bytes[i] >>> 4];
    digits[2 * i + 1] = DIGITS[bytes[i] & 15];
  }
  return String.fromCharCode.apply(null, digits);
}

/** SHA-256 of a text, in hex. */
function sha256(text) {
  const length = put(text, 0);  // may put a larger buffer in place
  absorb(buffer, length);
  return stateHex();
}

/** SHA-256 of some bytes, in hex, without WebCrypto. */
function sha256Bytes(bytes) {
  const padded = new Uint8Array(bytes.length + 136);
  padded.set(bytes);
  absorb(padded, bytes.length);
  return stateHex();
}

/** SHA-256 of a whole file, in hex. */
async function sha256File(bytes) {
  if (!self.crypto || !self.crypto.subtle) return sha256Bytes(bytes);
  return hexOf(new Uint8Array(await self.crypto.subtle.digest("SHA-256", bytes)));
}
