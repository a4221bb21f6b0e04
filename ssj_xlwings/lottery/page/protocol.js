// The protocol's primitives beyond SHA-256, and its rules: tree, pool, quota, draw, teams.

const PROTOCOL = "ssj-draw/1";
const HEX = /^[0-9a-f]{64}$/;
const BREATH = 20000;  // rows between two reports of progress

function D(tag, ...parts) {
  return sha256([PROTOCOL, tag, ...parts].join("\t"));
}

/** The leaf hash of a text into `out`. */
function leafHash(text, out, at) {
  const length = put(text, 1);
  buffer[0] = 0;
  absorb(buffer, length);
  stateBytes(out, at);
}

function nodeHash(pair, out, at) {
  buffer[0] = 1;
  buffer.set(pair, 1);
  absorb(buffer, 65);
  stateBytes(out, at);
}

/** MTH of RFC 9162 over `count` leaf hashes, which are folded in place. */
function fold(hashes, count) {
  if (!count) return sha256("");
  for (; count > 1; count = (count + 1) >> 1) {
    for (let i = 0; i + 1 < count; i += 2) nodeHash(hashes.subarray(i * 32, i * 32 + 64), hashes, i * 16);
    if (count % 2) hashes.copyWithin((count >> 1) * 32, (count - 1) * 32, count * 32);
  }
  return hexOf(hashes.subarray(0, 32));
}

function treeRoot(texts) {
  const hashes = new Uint8Array(32 * texts.length);
  texts.forEach((text, i) => leafHash(text, hashes, 32 * i));
  return fold(hashes, texts.length);
}

/** The root that a leaf and its path lead to (RFC 9162 §2.1.3.2). */
function rootOfPath(leaf, index, size, path) {
  const inside = index >= 0 && index < size, sides = [];
  for (let i = index, n = size; inside && n > 1; i = i >> 1, n = (n + 1) >> 1) if ((i ^ 1) < n) sides.push(i % 2 === 1);
  const good = path.filter((element) => HEX.test(element));
  if (!inside || good.length !== path.length || good.length !== sides.length) {
    no(say.BAD_PATH, { index: index + 1, size, want: sides.length, seen: good.length });
  }
  const top = new Uint8Array(32), pair = new Uint8Array(64);
  leafHash(leaf, top, 0);
  path.forEach((element, i) => {
    const other = Uint8Array.from(element.match(/../g), (byte) => parseInt(byte, 16));
    pair.set(sides[i] ? other : top, 0);
    pair.set(sides[i] ? top : other, 32);
    nodeHash(pair, top, 0);
  });
  return hexOf(top);
}

/** The rows of pool.tsv: {id, stratum, items}, strictly ascending, no two ids the same but for case, width, space. */
async function readPool(bytes, progress) {
  const file = "pool.tsv", rows = [], known = new Map(), sets = new Map(), ids = new Map();
  const wrong = (line, why, values) => no(say.LINE_WRONG, { file, line, why: fill(why, values) });
  const lines = textLines(bytes, file);
  let before = "";
  for (let i = 0; i < lines.length; i++) {
    const [id, stratum, codes] = fields(lines[i], 3, file, i + 1);
    if (order(id, before) <= 0) no(say.NOT_ASCENDING, { file, line: i + 1, id });
    before = id;
    if (!known.has(codes)) {
      const items = codes ? codes.split(",") : [];
      if (!ascending(items)) wrong(i + 1, say.ITEMS_NOT_ASCENDING, { items: codes });
      known.set(codes, items);
    }
    rows.push({ id, stratum, items: known.get(codes), codes });
    if (i % BREATH === 0) await progress(0.1 * i / lines.length);
  }
  for (let i = 0; i < rows.length; i++) {
    const { id, stratum, items, codes } = rows[i];
    const normal = (text) => { if (!isNormal(text)) wrong(i + 1, say.UNSEEN_IN_FIRM, { id, seen: text, char: unseen(text) || say.NOTHING }); };
    normal(id);
    const key = folded(id);
    if (ids.has(key)) wrong(i + 1, say.SAME_FIRM, { id, other: ids.get(key) });
    ids.set(key, id);
    if (!sets.has(stratum)) sets.set(stratum, new Set());
    if (sets.get(stratum).has(codes)) continue;
    if (!stratum) wrong(i + 1, say.EMPTY_STRATUM, { id });
    if (!items.length) wrong(i + 1, say.NO_ITEMS, { id });
    normal(stratum);
    for (const item of items) {
      if (!item) wrong(i + 1, say.EMPTY_ITEM, { id });
      normal(item);
    }
    sets.get(stratum).add(codes);
  }
  return rows;
}

/** The root over the sealed leaf lines of the rows; each row keeps its blind. */
async function poolRoot(veil, rows, progress) {
  const hashes = new Uint8Array(32 * rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i], both = D("hide", veil, row.id);
    row.blind = both.slice(0, 32);
    leafHash(`${row.id}\t${row.codes}\t${D("seal", both.slice(32), row.blind, row.stratum)}`, hashes, 32 * i);
    if (i % BREATH === 0) await progress(0.1 + 0.5 * i / rows.length);
  }
  return fold(hashes, rows.length);
}

function count(value) {
  return Number.isInteger(value) && value >= 0 && value <= 1e9;
}

function checkRate(rate) {
  if (typeof rate === "object" && !Array.isArray(rate) && Object.keys(rate).join() === "n") {
    if (!count(rate.n)) no(say.BAD_RATE, { seen: rate.n });
  } else if (typeof rate !== "string" || !/^(0|1|0\.[0-9]*[1-9])$/.test(rate)) no(say.BAD_RATE, { seen: rate });
}

/** How many of a stratum are drawn: exact, the share rounded up. */
function quota(size, rate, minimum) {
  if (typeof rate === "object") return Math.min(size, rate.n);
  if (rate === "0") return 0;
  const [whole, part = ""] = rate.split("."), ten = 10n ** BigInt(part.length);
  const share = Number((BigInt(size) * BigInt(whole + part) + ten - 1n) / ten);
  return Math.min(size, Math.max(minimum, share));
}

function checkSlots(names) {
  if (!names.length) no(say.NO_SPEAKER);
  names.forEach((name, i) => {
    if (!name || name.includes("=") || !isNormal(name)) no(say.BAD_NAME, { name });
    if (names.indexOf(name) < i) no(say.SAME_SPEAKER, { name });
  });
}

/** The seed, after a check that exactly the slots, in their order, said six digits each. */
function seedOf(record) {
  const names = record.said.map(([name]) => name), slots = record.open_plan.slots;
  checkSlots(names);
  if (slots.join("\t") !== names.join("\t")) no(say.WRONG_SLOTS, { want: slots.join("、"), seen: names.join("、") });
  for (const [name, value] of record.said) if (!/^[0-9]{6}$/.test(value)) no(say.BAD_SAID, { name, seen: value });
  return D("seed", record.nonce, record.root, record.plan, ...record.said.map(([name, value]) => `${name}=${value}`));
}

/** What must be said where one person alone spoke in a quick draw; no for any other draw with one speaker. */
function unwitnessed({ said, open_plan: { items } }) {
  if (said.length > 1) return "";
  if (items.join("\t") !== unicode.quick) no(say.ONE_SPEAKER, { name: said[0][0] });
  return say.UNWITNESSED;
}

function keyOf(seed, purpose) {
  return D("key", seed, purpose);
}

/** Cuts, lines, visits and alternates of a draw. */
async function pick(draw, rows, seed, progress) {
  const { rates, minimum } = draw.inner_plan, spare = draw.open_plan.alternates, key = keyOf(seed, "subject");
  const tickets = new Array(rows.length), cuts = new Map(), sizes = new Map();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    tickets[i] = D("ticket", key, row.id, row.blind);
    for (const item of row.items) sizes.set(`${item}\t${row.stratum}`, (sizes.get(`${item}\t${row.stratum}`) || 0) + 1);
    if (i % BREATH === 0) await progress(0.6 + 0.3 * i / rows.length);
  }
  for (const item of Object.keys(rates).sort(order)) {
    for (const stratum of Object.keys(rates[item]).sort(order)) {
      const size = sizes.get(`${item}\t${stratum}`) || 0;
      cuts.set(`${item}\t${stratum}`, { item, stratum, size, n: quota(size, rates[item][stratum], minimum), drawn: [], alternates: [], last: "" });
    }
  }
  // 52 bits of each ticket decide nearly always; the whole ticket, then the id, where they are equal.
  const heads = Float64Array.from(tickets, (ticket) => parseInt(ticket.slice(0, 13), 16));
  const sorted = Uint32Array.from(rows, (_, i) => i).sort((a, b) => heads[a] - heads[b] || order(tickets[a], tickets[b]) || order(rows[a].id, rows[b].id));
  const items = new Map(), ticketOf = new Map();
  for (const i of sorted) {
    for (const item of rows[i].items) {
      const one = cuts.get(`${item}\t${rows[i].stratum}`);
      if (one.drawn.length < one.n) {
        one.drawn.push(rows[i].id);
        one.last = tickets[i];
        ticketOf.set(rows[i].id, tickets[i]);
        items.set(rows[i].id, [...(items.get(rows[i].id) || []), item]);
      } else if (one.alternates.length < spare) one.alternates.push(rows[i].id);
    }
  }
  return { sorted, cuts: [...cuts.values()], visits: called(seed, items, ticketOf), ...linesOf(cuts, draw.veil) };
}

function linesOf(cuts, veil) {
  const lines = [...cuts.values()].map(({ item, stratum, size, n, last }) => [item, stratum, size, n, last, D("salt", veil, "cut", item, stratum)].join("\t"));
  lines.sort(order);
  return { lines, linesRoot: treeRoot(lines) };
}

function called(seed, items, ticketOf) {
  const key = keyOf(seed, "call");
  const places = [...items.keys()].map((id) => [D("call", key, id), id]).sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]));
  return places.map(([, id], i) => ({ no: i + 1, id, items: items.get(id), ticket: ticketOf.get(id) }));
}

const ableStaff = (draw) => draw.staff.filter((person) => person.available && order(person.until, draw.open_plan.window[1]) >= 0);

/** Who may come to a visit; `known` keeps the answers by unit and items. */
function eligible(able, unit, visit, known = new Map()) {
  const kind = `${unit}\t${visit.items}`;
  if (!known.has(kind)) known.set(kind, able.filter((person) => (person.city || person.unit === unit) && visit.items.every((item) => person.items.includes(item))));
  return known.get(kind).filter((person) => !person.recused.includes(visit.id));
}

/** The ids with the fewest visits so far, ties by lot; the first leads. */
function leastLoaded(ids, load, subject, size, key) {
  const busiest = ids.map((id) => load.get(id)).sort((a, b) => a - b)[size - 1];
  const lots = ids.filter((id) => load.get(id) <= busiest).map((id) => [load.get(id), D("lot", key, id, subject), id]);
  lots.sort((a, b) => a[0] - b[0] || order(a[1], b[1]) || order(a[2], b[2]));
  return lots.slice(0, size).map((lot) => lot[2]);
}

/** The team of each visit by the rule ssj-team/1. */
async function teamsOf(draw, visits, seed, units, progress) {
  const rule = draw.inner_plan.teams, key = keyOf(seed, "team");
  if (!Object.keys(rule).length) return visits.map(() => []);
  const able = ableStaff(draw), load = new Map(able.map((person) => [person.id, 0])), teams = [], known = new Map();
  for (const visit of visits) {
    const people = eligible(able, units.get(visit.id), visit, known).map((person) => person.id);
    if (people.length < rule.size) no(say.TEAM_SHORT, { no: visit.no, id: visit.id, have: people.length, need: rule.size });
    const team = leastLoaded(people, load, visit.id, rule.size, key);
    team.forEach((id) => load.set(id, load.get(id) + 1));
    teams.push(team);
    if (visit.no % 500 === 0) await progress(0.9 + 0.1 * visit.no / visits.length);
  }
  return teams;
}
