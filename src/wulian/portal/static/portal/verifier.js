/* Verifies a receipt and its place in the audit log without the platform: SM3 here, Ed25519 of the browser. */
"use strict";

/* --- SM3 (GB/T 32905) ------------------------------------------------------------------------------------------ */
const rotate = (x, n) => ((x << (n % 32)) | (x >>> (32 - (n % 32) || 32))) >>> 0;
function sm3(bytes) {
  const length = bytes.length, blocks = Math.ceil((length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(bytes);
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / 0x20000000));
  view.setUint32(padded.length - 4, (length << 3) >>> 0);
  const state = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
  const w = new Uint32Array(68);
  for (let block = 0; block < blocks; block++) {
    for (let j = 0; j < 16; j++) w[j] = view.getUint32(block * 64 + j * 4);
    for (let j = 16; j < 68; j++) {
      const x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15);
      w[j] = (x ^ rotate(x, 15) ^ rotate(x, 23)) ^ rotate(w[j - 13], 7) ^ w[j - 6];
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let j = 0; j < 64; j++) {
      const t = j < 16 ? 0x79cc4519 : 0x7a879d8a;
      const ss1 = rotate((rotate(a, 12) + e + rotate(t, j)) >>> 0, 7);
      const ss2 = ss1 ^ rotate(a, 12);
      const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) >>> 0;
      const tt2 = (gg + h + ss1 + w[j]) >>> 0;
      d = c; c = rotate(b, 9); b = a; a = tt1;
      h = g; g = rotate(f, 19); f = e; e = (tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17)) >>> 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] ^ word) >>> 0));
  }
  return state.map((word) => word.toString(16).padStart(8, "0")).join("");
}

/* --- signatures ------------------------------------------------------------------------------------------------- */
const utf8 = (text) => new TextEncoder().encode(text);
const raw = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
async function signed(text, signature, keyId, keys) {
  if (!keys[keyId]) return false;
  const body = keys[keyId].split("\n").filter((line) => line && !line.startsWith("-----")).join("");
  const key = await crypto.subtle.importKey("spki", raw(body), { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, raw(signature), utf8(text));
}

/* --- the receipt and the log ------------------------------------------------------------------------------------ */
const FIELDS = ["actor_department", "actor_id", "actor_name", "changes", "data", "id", "occurred_at", "remote_address", "request_id",
  "schema", "seal", "subject_id", "subject_label", "subject_type", "summary", "uid", "verb"];
const sorted = (value) => JSON.stringify(value, (key, item) => (item && typeof item === "object" && !Array.isArray(item)
  ? Object.fromEntries(Object.keys(item).sort().map((name) => [name, item[name]])) : item));

async function flawOf(log, receipt, keys) {
  const data = JSON.parse(log.fields.data);
  if (JSON.parse(log.fields.verb) !== "intake.received" || data.receipt !== receipt.number || data.digest !== receipt.digest) return "event";
  for (const [name, piece] of Object.entries(log.fields)) {
    const start = FIELDS.indexOf(name) * 16;
    if (start < 0 || log.marks.slice(start, start + 16) !== sm3(utf8(name + "=" + piece)).slice(0, 16)) return "marks";
  }
  let link = log.prev_hash, place = log.position;
  for (const [event, marks] of [[log.event_hash, log.marks], ...log.following]) link = sm3(utf8([link, place++, event, marks].join("\n")));
  const { signatures, ...statement } = log.checkpoint;
  if (statement.position !== place - 1 || statement.link_hash !== link) return "path";
  const own = signatures.filter((item) => item.algorithm === "ed25519");
  const good = own.length === 1 && own[0].key_id === statement.key_id && await signed(sorted(statement), own[0].signature, own[0].key_id, keys);
  return good ? "" : "checkpoint";
}

/* SM3 → name of each file that the content lists. */
const filesIn = (content) => Object.fromEntries(content.flatMap((part) => [...JSON.parse(part).materials.matchAll(/^(\S+) \d+字节 SM3 ([0-9a-f]{64})$/gm)])
  .map(([, name, digest]) => [digest, name]));

/* `text` is a saved receipt or a proof file, `keys` public keys by id. Returns {number, time, genuine, content, files, logged, checkpoint}:
   content and logged are null where the file holds nothing to check them by. */
async function verifyReceipt(text, keys) {
  const embedded = text.match(/<script type="application\/json" id="wulian-receipt">([\s\S]*?)<\/script>/);
  const file = JSON.parse(embedded ? embedded[1] : text);
  if (file.format !== "wulian-receipt-1") throw new Error("format");
  const receipt = file.receipt;
  const lines = ["五联收件回执", receipt.number, receipt.received_at, receipt.digest].join("\n");
  const genuine = await signed(lines, receipt.signature, receipt.key_id, keys);
  let logged = null;
  if (genuine && file.log) logged = (await flawOf(file.log, receipt, keys).catch(() => "event")) === "";
  const content = genuine && file.content && file.content.length ? sm3(utf8(file.content.join("\n"))) === receipt.digest : null;
  return { number: receipt.number, time: receipt.received_at, genuine, content, files: content ? filesIn(file.content) : {}, logged, checkpoint: file.log && file.log.checkpoint ? new Date(file.log.checkpoint.time).toLocaleString() : "" };
}
