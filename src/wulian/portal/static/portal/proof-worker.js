/* Solves an altcha challenge: counts up until SHA-256(salt ‖ nonce ‖ counter) begins with the prefix.
   Its own SHA-256 because browsers lock theirs away on pages without TLS, as in an office's own network. */
"use strict";
const K = new Uint32Array(64);
const START = new Uint32Array(8);
(function constants() {
  const fraction = (x) => ((x - Math.floor(x)) * 4294967296) >>> 0;
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found++] = fraction(Math.cbrt(n));
  }
})();
const W = new Uint32Array(64);

/* Digest of a message of at most 55 bytes: one block. */
function sha256(bytes) {
  const block = new Uint8Array(64);
  block.set(bytes);
  block[bytes.length] = 0x80;
  const view = new DataView(block.buffer);
  view.setUint32(60, bytes.length * 8);
  for (let i = 0; i < 16; i++) W[i] = view.getUint32(i * 4);
  for (let i = 16; i < 64; i++) {
    const a = W[i - 15], b = W[i - 2];
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  const out = new DataView(new ArrayBuffer(32));
  [a, b, c, d, e, f, g, h].forEach((word, i) => out.setUint32(i * 4, (START[i] + word) >>> 0));
  return new Uint8Array(out.buffer);
}
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

onmessage = (event) => {
  const challenge = event.data, wanted = challenge.parameters;
  const salt = bytesOf(wanted.salt), nonce = bytesOf(wanted.nonce);
  const message = new Uint8Array(salt.length + nonce.length + 4);
  message.set(salt);
  message.set(nonce, salt.length);
  const tail = new DataView(message.buffer, salt.length + nonce.length);
  const began = Date.now();
  for (let counter = 0; counter <= 0xffffffff; counter++) {
    tail.setUint32(0, counter);
    let digest = sha256(message);
    for (let round = 1; round < wanted.cost; round++) digest = sha256(digest);
    const hex = hexOf(digest.subarray(0, wanted.keyLength || 32));
    if (hex.startsWith(wanted.keyPrefix)) {
      postMessage(btoa(JSON.stringify({ challenge, solution: { counter, derivedKey: hex, time: Date.now() - began } })));
      return;
    }
  }
};
