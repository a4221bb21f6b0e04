// A draw record, by the protocol's thirteen steps in their order.

const DRAW = "draw.json", PUBLIC = "public.json", POOL = "pool.tsv", EXCLUDED = "excluded.tsv", JURISDICTION = "jurisdiction.tsv", CHECKED = "checked.tsv";
const KEPT = [POOL, EXCLUDED, JURISDICTION, CHECKED, "frozen.json", "checksums.json", say.SEALED];

function load(it, name) {
  if (!it.files.has(name)) no(say.MISSING_FILE, { file: name });
  return it.files.get(name);
}

function jsonFile(it, name, shape, between = "") {
  const found = parse(decode(load(it, name), name), name, between);
  checkShape(found, shape, name);
  return found;
}

/** Number of the first changed line of what checksums.json holds under that name; 0 none, -1 unknown. */
function changed(it, name, lines) {
  if (!it.files.has("checksums.json")) return -1;
  const kept = jsonFile(it, "checksums.json", { keys: { [name]: { is: "str" } } })[name];
  const sums = lines.map((line) => sha256Bytes(line).slice(0, 8));
  const first = sums.findIndex((sum, i) => sum !== kept.slice(8 * i, 8 * i + 8));
  return sums.join("") === kept ? 0 : first < 0 ? sums.length + 1 : first + 1;
}

const asBytes = (texts) => texts.map((text) => utf8.encode(text));
const atLine = (line) => (line > 0 ? fill(say.AT_LINE, { line }) : say.SOMEWHERE);
const keysOf = (plan) => asBytes(Object.keys(plan).sort(order).map((key) => canonical({ [key]: plan[key] })));

function stated(it, key, seen, want) {
  if (canonical(seen) !== canonical(want)) no(say.STATED_DIFFERS, { file: DRAW, key, seen, want });
}

const STEPS = [
  function format(it) {
    it.draw = jsonFile(it, DRAW, shapes.draw, "\t");
    checkProtocol(it.draw);
    if (it.files.has(PUBLIC)) it.public = publicFile(it);
    return fill(say.OK_FORMAT, { protocol: it.draw.protocol });
  },
  function slip(it) {
    return onPaper(it, it.draw);
  },
  async function pool(it) {
    const data = load(it, POOL);
    try {
      it.rows = await readPool(data, it.progress);
      const want = it.draw.open_plan.pool;
      if (it.rows.length !== want) no(say.COUNT_DIFFERS, { file: POOL, seen: it.rows.length, by: DRAW, want });
    } catch (why) {
      if (!(why instanceof No)) throw why;
      const line = changed(it, POOL, cut(data));
      if (line <= 0) throw why;
      no(say.CHANGED_SINCE, { why: why.message, file: POOL, where: atLine(line) });
    }
    same("pool.size", it.draw.pool.size, it.rows.length, DRAW);
    return fill(say.OK_POOL, { size: it.rows.length });
  },
  async function root(it) {
    if (D("salt", it.draw.veil, "plan") !== it.draw.inner_plan.salt) no(say.PLAN_SALT, { file: DRAW });
    const found = await poolRoot(it.draw.veil, it.rows, it.progress);
    if (found !== it.draw.root) {
      const line = changed(it, POOL, cut(load(it, POOL)));
      if (line === 0) no(say.ROOT_STATED, { file: DRAW, want: found, seen: it.draw.root });
      no(say.POOL_CHANGED, { file: POOL, where: atLine(line) });
    }
    return fill(say.OK_ROOT, { size: it.rows.length });
  },
  function plan(it) {
    checkStaff(it);
    const inner = it.draw.inner_plan;
    it.excluded = pairs(it, EXCLUDED, "excluded", inner.excluded_digest);
    for (const [key, shape] of Object.entries(shapes.inner.keys)) if (key in inner) checkShape(inner[key], shape, DRAW, `inner_plan.${key}`);
    if ("checked" in inner) pairs(it, CHECKED, "checked", inner.checked.digest);
    it.units = new Map();
    if (Object.keys(inner.teams).length) {
      checkShape(inner.teams, shapes.teams, DRAW, "inner_plan.teams");
      it.units = new Map(pairs(it, JURISDICTION, "jurisdiction", inner.teams.jurisdiction));
      stated(it, "inner_plan.teams.rule", inner.teams.rule, "ssj-team/1");
    }
    stated(it, "inner_plan.strata", inner.strata, counted(it.rows.map((row) => row.stratum)));
    stated(it, "inner_plan.excluded", inner.excluded, counted(it.excluded.map(([, reason]) => reason)));
    checkPlan(it.draw.open_plan, inner, it.rows);
    if (Object.keys(inner.teams).length) checkUnits(it);
    checkDigests(it);
    same("excluded.size", it.draw.excluded.size, it.excluded.length, DRAW);
    same("jurisdiction.size", it.draw.jurisdiction.size, it.units.size, DRAW);
    return fill(say.OK_PLAN, { staff: it.draw.staff.length, excluded: it.excluded.length });
  },
  async function commitment(it) {
    stated(it, "commitment", it.draw.commitment, D("commit", it.draw.nonce, it.draw.root, it.draw.plan));
    for (const name of KEPT.filter((kept) => it.files.has(kept))) {
      if (await sha256File(it.files.get(name)) !== it.draw.files[name]) no(say.FILE_CHANGED, { file: name, where: "" });
    }
    return say.OK_COMMIT;
  },
  function said(it) {
    it.seed = seedOf(it.draw);
    same("seed", it.draw.seed, it.seed, DRAW);
    return fill(say.OK_SEED, { count: it.draw.said.length }) + unwitnessed(it.draw);
  },
  async function drawn(it) {
    const found = it.drawn = await pick(it.draw, it.rows, it.seed, it.progress), alternates = {};
    for (const one of found.cuts) (alternates[one.item] ??= {})[one.stratum] = one.alternates;
    it.checks = found.cuts.reduce((sum, one) => sum + one.n, 0);
    same("lines", it.draw.lines, found.lines, DRAW);
    same("lines_root", it.draw.lines_root, found.linesRoot, DRAW);
    same("visits", it.draw.visits.map(({ no: number, id, items, ticket }) => ({ no: number, id, items, ticket })), found.visits, DRAW);
    same("alternates", it.draw.alternates, alternates, DRAW);
    same("checks", it.draw.checks, it.checks, DRAW);
    same("saved", it.draw.saved, it.checks - found.visits.length, DRAW);
    return fill(say.OK_DRAW, { checks: it.checks, visits: found.visits.length });
  },
  async function teams(it) {
    const want = await teamsOf(it.draw, it.drawn.visits, it.seed, it.units, it.progress);
    same("visits.team", it.draw.visits.map((visit) => visit.team), want, DRAW);
    return Object.keys(it.draw.inner_plan.teams).length ? fill(say.OK_TEAMS, { visits: want.length }) : say.OK_NO_TEAMS;
  },
  async function log(it) {
    const name = [...it.files.keys()].find((file) => file.endsWith(".jsonl"));
    if (!name) throw new Undone(say.NO_LOG);
    it.log = readLog(it.files.get(name), name);
    return checkLog(it, it.log);
  },
  async function published(it) {
    if (!it.public) throw new Undone(say.NO_PUBLIC);
    const inner = D("inner", canonical(it.draw.inner_plan));
    same("", it.public, projection(it.draw, inner, it.public), PUBLIC);
    same("record_digest", it.public.record_digest, await sha256File(it.files.get(DRAW)), PUBLIC);
    return say.OK_PUBLIC + voidedText(it.public);
  },
  function replaced(it) {
    return checkReplaced(it);
  },
  function source() {
    throw new Undone(ui.NO_SOURCE);
  },
];

function checkProtocol(record) {
  for (const seen of [record.protocol, record.open_plan.protocol]) if (seen !== PROTOCOL) no(say.BAD_PROTOCOL, { seen, want: PROTOCOL });
}

/** The commitment, or its head, as it stands on the signed slip. */
function onPaper(it, record) {
  if (!it.slip) throw new Undone(say.NO_SLIP);
  if (!record.commitment.startsWith(it.slip)) no(say.SLIP_DIFFERS, { seen: it.slip, want: record.commitment });
  return fill(say.OK_SLIP, { digits: it.slip.length, said: record.said.map(([name, value]) => `${name}=${value}`).join("，") });
}

function checkStaff(it) {
  const { staff, inner_plan: inner } = it.draw;
  const sorted = ascending(["", ...staff.map((person) => person.id)]) && staff.every((person) => ascending(person.items) && ascending(person.recused));
  if (sorted && D("staff", canonical(staff)) === inner.staff) return;
  const line = changed(it, "staff", asBytes(staff.map(canonical)));
  if (line === 0) no(say.PLAN_CHANGED, { file: DRAW, key: "inner_plan", where: fill(say.AT_KEY, { key: "staff" }) });
  const id = line > 0 && line <= staff.length ? staff[line - 1].id : say.ABSENT;
  no(say.STAFF_CHANGED, { file: DRAW, where: line > 0 ? fill(say.AT_PERSON, { line, id }) : say.SOMEWHERE });
}

/** A list of (id, text), of which the plan holds the digest. */
function pairs(it, file, tag, want) {
  const data = load(it, file), found = textLines(data, file).map((line, i) => fields(line, 2, file, i + 1));
  if (found.every((pair) => pair.every(isNormal)) && D(tag, canonical(found)) === want) return found;
  const line = changed(it, file, cut(data));
  if (line === 0) no(say.PLAN_CHANGED, { file: DRAW, key: "inner_plan", where: fill(say.AT_KEY, { key: tag }) });
  return no(say.LIST_CHANGED, { file, where: atLine(line) });
}

function counted(words) {
  const found = Object.create(null);
  for (const word of words) found[word] = (found[word] || 0) + 1;
  return found;
}

function checkPlan(outer, inner, rows) {
  const [start, end] = outer.window, covered = new Set();
  if (start > end) no(say.BAD_WINDOW, { start, end });
  for (const key of ["tasks", "items"]) if (!ascending(outer[key])) no(say.NOT_SORTED, { key });
  checkSlots(outer.slots);
  for (const [what, value] of [["alternates", outer.alternates], ["minimum", inner.minimum]]) if (!count(value)) no(say.BAD_COUNT, { what, seen: value });
  if (Object.keys(inner.teams).length && inner.teams.size < 2) no(say.FEW_IN_TEAM, { seen: inner.teams.size });
  for (const rates of Object.values(inner.rates)) Object.values(rates).forEach(checkRate);
  for (const { id, stratum, items, codes } of rows) {
    if (covered.has(`${stratum}\t${codes}`)) continue;
    covered.add(`${stratum}\t${codes}`);
    for (const item of items) {
      if (!outer.items.includes(item)) no(say.ITEM_NOT_PLANNED, { id, item });
      if (!(item in inner.rates && stratum in inner.rates[item])) no(say.NO_RATE, { id, item, stratum });
    }
  }
}

function checkUnits(it) {
  const ids = new Set(it.rows.map((row) => row.id)), lines = textLines(load(it, JURISDICTION), JURISDICTION);
  let before = null;
  for (const line of lines) {
    const [id, unit] = line.split("\t");
    if (id === before || !ids.has(id)) no(say.UNIT_WITHOUT_FIRM, { id });
    if (!unit) no(say.NO_UNIT, { id });
    before = id;
  }
  if (lines.length < ids.size) no(say.NO_UNIT, { id: it.rows.find((row) => !it.units.has(row.id)).id });
}

function checkDigests(it) {
  const { open_plan: outer, inner_plan: inner, plan } = it.draw, want = D("plan", canonical(outer), D("inner", canonical(inner)));
  if (plan === want) return;
  for (const [key, object] of [["inner_plan", inner], ["open_plan", outer]]) {
    const line = changed(it, key, keysOf(object)), names = Object.keys(object).sort(order);
    if (line > 0) no(say.PLAN_CHANGED, { file: DRAW, key, where: line <= names.length ? fill(say.AT_KEY, { key: names[line - 1] }) : say.SOMEWHERE });
  }
  stated(it, "plan", plan, want);
}

/** public.json, with what may stand beside its shape. */
function publicFile(it) {
  const found = jsonFile(it, PUBLIC, shapes.public);
  for (const [key, shape] of Object.entries(shapes.more.keys)) if (key in found) checkShape(found[key], shape, PUBLIC, key);
  return found;
}

/** What a public record says of its void. */
function voidedText({ voided }) {
  return voided ? say.VOIDED_LATER + fill(say.VOIDED_BY, voided) : "";
}

function projection(draw, inner, seen) {
  const found = { inner_digest: inner, lines_size: draw.lines.length, drawn: draw.visits.length, record_digest: seen.record_digest, log: seen.log, ...("voided" in seen ? { voided: seen.voided } : {}) };
  for (const key of ["protocol", "open_plan", "nonce", "root", "plan", "commitment", "said", "seed", "lines_root"]) found[key] = draw[key];
  found.winners = draw.published ? draw.visits.map(({ no: number, id, name, items }) => ({ no: number, id, name, items })) : [];
  return found;
}
