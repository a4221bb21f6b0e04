// Reading as strictly as the Python side: normal texts, JSON without doubtful values, shapes, lines of a .tsv.
// `say`, `shapes` and `unicode` are written into the page when it is built.

/** A difference, or something out of form: the verdict is no. */
class No extends Error {}
/** A step that cannot be done; the message says why. */
class Undone extends Error {}

function fill(template, values = {}) {
  return template.replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

function shown(value) {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function no(template, values) {
  throw new No(fill(template, values));
}

const UNSEEN = new RegExp(unicode.unseen, "u");
const REFUSED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const SPACES = new Set(unicode.space);
const PRINTABLE = /^(?! )[ -~]*(?<! )$/;

function unseen(text) {
  for (const char of text) {
    if (REFUSED.test(char) || UNSEEN.test(char)) return "U+" + char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  }
  return "";
}

function isNormal(text) {
  if (PRINTABLE.test(text)) return true;
  const stripped = !SPACES.has(text[0]) && !SPACES.has(text[text.length - 1]);
  return stripped && text === text.normalize("NFC") && !unseen(text);
}

/** For comparing: NFKC, upper case, without white space. */
function folded(text) {
  if (/^[!-~]*$/.test(text)) return text.toUpperCase();
  return [...text.normalize("NFKC").toUpperCase()].filter((char) => !SPACES.has(char)).join("");
}

/** Order of the UTF-8 bytes, which is that of the code points, not of UTF-16 units. */
function order(a, b) {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === end) return a.length - b.length;
  const x = a.charCodeAt(i), y = b.charCodeAt(i), highX = x >= 0xd800 && x < 0xe000, highY = y >= 0xd800 && y < 0xe000;
  return highX === highY ? x - y : highX ? 1 : -1;
}

function ascending(texts) {
  return texts.every((text, i) => i === 0 || order(texts[i - 1], text) < 0);
}

function checkNormal(text, between) {
  for (const part of between ? text.split(between) : [text]) {
    if (!isNormal(part)) no(say.NOT_NORMAL, { seen: part, char: unseen(part) || say.NOTHING });
  }
}

/** A JSON value: keys once, integers below 2^53, texts normal, no null. `between` may join normal texts into one. */
function parse(text, file, between = "") {
  let at = 0;
  const fail = (why) => no(say.BAD_JSON, { file, line: text.slice(0, at).split("\n").length, why });
  const syntax = () => fail(fill(say.WHY_SYNTAX, { column: at - text.lastIndexOf("\n", at - 1) }));
  const blank = () => { while (" \t\n\r".includes(text[at] || "x")) at++; };
  const take = (char) => { if (text[at] !== char) syntax(); at++; };
  const match = (pattern) => { pattern.lastIndex = at; const found = pattern.exec(text); return found && found[0]; };

  function string() {
    const found = match(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    if (!found) syntax();
    at += found.length;
    return found.includes("\\") ? JSON.parse(found) : found.slice(1, -1);
  }
  function number() {
    const found = match(/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y);
    if (!found) syntax();
    if (!/^-?[0-9]+$/.test(found) || !Number.isSafeInteger(Number(found))) fail(fill(say.WHY_NUMBER, { seen: found }));
    at += found.length;
    return Number(found) + 0;
  }
  function list(close, one) {
    at++; blank();
    if (text[at] === close) { at++; return; }
    for (;;) {
      one(); blank();
      if (text[at] === close) { at++; return; }
      take(","); blank();
    }
  }
  function value(depth) {
    if (depth > 900) fail(say.WHY_DEEP);
    blank();
    const char = text[at];
    if (char === '"') { const found = string(); checkNormal(found, between); return found; }
    if (char === "[") { const found = []; list("]", () => found.push(value(depth + 1))); return found; }
    if (char === "{") {
      const found = Object.create(null);
      list("}", () => {
        if (text[at] !== '"') syntax();
        const key = string();
        if (key in found) fail(fill(say.WHY_DUPLICATE_KEY, { key }));
        checkNormal(key, between);
        blank(); take(":");
        found[key] = value(depth + 1);
      });
      return found;
    }
    for (const [word, meant] of [["true", true], ["false", false]]) {
      if (text.startsWith(word, at)) { at += word.length; return meant; }
    }
    if (text.startsWith("null", at)) no(say.NOT_JSON_VALUE, { seen: "null" });
    if (text.startsWith("NaN", at) || text.startsWith("Infinity", at)) fail(fill(say.WHY_NUMBER, { seen: match(/\w+/y) }));
    return number();
  }
  const found = value(0);
  blank();
  if (at < text.length) syntax();
  return found;
}

/** json(x) of the protocol. */
function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (typeof value !== "object") return JSON.stringify(value);
  return "{" + Object.keys(value).sort(order).map((key) => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}";
}

/** The bytes as text: strict UTF-8 without BOM. */
function decode(bytes, file) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    no(say.BAD_UTF8, { file, line: badLine(bytes) });
  }
  if (text.startsWith("\ufeff")) no(say.BAD_BOM, { file });
  return text;
}

function badLine(bytes) {
  const strict = () => new TextDecoder("utf-8", { fatal: true });
  return 1 + cut(bytes).findIndex((line) => { try { strict().decode(line); return false; } catch { return true; } });
}

/** The lines of a file as bytes, however damaged. */
function cut(bytes) {
  if (!bytes.length) return [];
  const lines = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
}

/** The lines of a text file that ends each of them with LF alone. */
function textLines(bytes, file) {
  const text = decode(bytes, file), turned = text.indexOf("\r");
  if (turned >= 0) no(say.BAD_LINE_END, { file, line: text.slice(0, turned).split("\n").length });
  const lines = text.split("\n");
  if (lines.pop()) no(say.NO_LAST_LF, { file, line: lines.length + 1 });
  return lines;
}

function fields(line, count, file, number) {
  const found = line.split("\t");
  if (found.length !== count) no(say.BAD_FIELDS, { file, line: number, seen: found.length, want: count });
  return found;
}

/** The value has the shape, or no. */
function checkShape(value, shape, file, where = "") {
  const demand = (good) => { if (!good) no(say.BAD_SHAPE, { file, where: where || say.OUTERMOST, seen: shown(value).slice(0, 60) }); };
  if (shape.is) demand(shape.is === "object" || (shape.is === "str" ? typeof value === "string" && !value.includes("\t")
    : shape.is === "int" ? typeof value === "number" : typeof value === "boolean"));
  else if (shape.like) demand(typeof value === "string" && new RegExp(`^(?:${shape.like})$`, "u").test(value));
  else if (shape.list || shape.row) {
    demand(Array.isArray(value) && (shape.list || value.length === shape.row.length));
    value.forEach((inner, i) => checkShape(inner, shape.list || shape.row[i], file, `${where}[${i + 1}]`));
  } else {
    demand(typeof value === "object" && value !== null && !Array.isArray(value));
    for (const key of Object.keys(shape.keys || value)) {
      if (!(key in value)) no(say.LACKING, { file, where: where || say.OUTERMOST, key });
      checkShape(value[key], shape.keys ? shape.keys[key] : shape.any, file, where ? `${where}.${key}` : key);
    }
  }
}

/** No at the first place where two JSON values differ. */
function same(where, seen, want, file) {
  const map = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (map(seen) && map(want)) {
    for (const key of [...new Set([...Object.keys(seen), ...Object.keys(want)])].sort(order)) {
      same(where ? `${where}.${key}` : key, key in seen ? seen[key] : say.ABSENT, key in want ? want[key] : say.ABSENT, file);
    }
  } else if (Array.isArray(seen) && Array.isArray(want)) {
    for (let i = 0; i < Math.min(seen.length, want.length); i++) same(`${where}[${i + 1}]`, seen[i], want[i], file);
    same(`${where}.length`, seen.length, want.length, file);
  } else if (seen !== want) no(say.DIFFERS, { file, where, seen, want });
}
