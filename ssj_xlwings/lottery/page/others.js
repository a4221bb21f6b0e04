// The log, the public record, receipts, and the one entry: `examine`.

function readLog(bytes, file) {
  const lines = decode(bytes, file).split("\n");
  const bad = (line, why) => no(say.LOG_LINE, { file, line, why });
  if (lines.pop()) bad(lines.length + 1, say.LOG_NO_END);
  return lines.map((line, i) => {
    try {
      const row = parse(line, file);
      checkShape(row, shapes.log, file);
      if (Object.keys(row).length > Object.keys(shapes.log.keys).length) no(say.LOG_FIELDS);
      return row;
    } catch (why) {
      if (!(why instanceof No)) throw why;
      return bad(i + 1, why.message);
    }
  });
}

function walk(rows) {
  let before = "";
  rows.forEach((row, i) => {
    const bad = (why) => no(say.LOG_BROKEN, { row: i + 1, why });
    const { hash, ...rest } = row;
    if (row.seq !== String(i + 1)) bad(fill(say.LOG_SEQ, { seen: row.seq, want: i + 1 }));
    if (row.before !== before) bad(say.LOG_BEFORE);
    if (hash !== D("log", canonical(rest))) bad(say.LOG_HASH);
    before = hash;
  });
}

/** What a row of the log holds in 内容. */
function dataOf(row) {
  const found = parse(row.data, ui.LOG);
  checkShape(found, { any: { is: "str" } }, ui.LOG);
  return found;
}

/** Every earlier freeze of these tasks, alone or with others, was voided before the next one. */
function checkEarlier(rows, { open_plan: { tasks }, commitment }) {
  const [FROZEN, , , VOIDED] = unicode.events;
  let standing = null;
  for (const row of rows) {
    const key = `${row.task}\t${row.attempt}`;
    if (row.event === FROZEN && (dataOf(row).tasks || row.task).split("、").some((task) => tasks.includes(task))) {
      if (standing) no(say.LOG_EARLIER, { attempt: standing.split("\t")[1] });
      if (dataOf(row).commitment === commitment) return;
      standing = key;
    } else if (row.event === VOIDED && key === standing) standing = null;
  }
}

/** The conditions by which the pool was filtered are those that the freeze row keeps. */
function checkScope({ open_plan: { tasks }, inner_plan: { scope } }, opened) {
  if (scope === undefined || !("locked" in opened)) return;
  const locked = parse(opened.locked, ui.LOG);
  checkShape(locked, shapes.locked, ui.LOG, "locked");
  const seen = new Set(scope.map((row) => (tasks.length === 1 ? [...tasks, ...row] : row).join("\t")));
  const want = new Set(Object.entries(locked).flatMap(([task, kept]) => kept[3].map((row) => [task, ...row].join("\t"))));
  for (const [sentence, some, others] of [[say.SCOPE_MORE, seen, want], [say.SCOPE_LESS, want, seen]]) {
    const found = [...some].filter((one) => !others.has(one)).sort(order);
    if (!found.length) continue;
    const [task, ...condition] = found[0].split("\t");
    no(sentence, { task, condition: condition.join(" ") });
  }
}

async function checkLog(it, rows) {
  walk(rows);
  const data = dataOf;
  const [FROZEN, SAID, DRAWN, VOIDED] = unicode.events, { draw } = it;
  const frozen = rows.find((row) => row.event === FROZEN && data(row).commitment === draw.commitment);
  if (!frozen) no(say.LOG_NOT_FOUND, { seen: draw.commitment });
  const { task, attempt } = frozen;
  if (!draw.open_plan.tasks.includes(task)) no(say.LOG_TASK, { seen: task, want: draw.open_plan.tasks.join("、") });
  const ours = rows.filter((row) => row.task === task && row.attempt === attempt && unicode.events.includes(row.event));
  const events = ours.map((row) => row.event).join("、"), done = [FROZEN, SAID, DRAWN].join("、");
  if (events !== done && events !== `${done}、${VOIDED}`) no(say.LOG_EVENTS, { seen: events });
  checkEarlier(rows, draw);
  const [, said, drawn] = ours, numbers = { commitment: draw.commitment, said: canonical(draw.said) };
  const heads = { commitment: draw.commitment, root: draw.root, plan: draw.plan, pool: String(it.rows.length) };
  const counts = { commitment: draw.commitment, record: await sha256File(it.files.get(DRAW)), seed: it.seed, visits: String(it.drawn.visits.length), checks: String(it.checks) };
  const expected = [
    ...Object.keys(heads).map((key) => [frozen, key, data(frozen)[key], heads[key]]),
    [frozen, "before", frozen.before, draw.open_plan.before], [frozen, "attempt", attempt, String(draw.open_plan.attempt)],
    ...Object.keys(numbers).map((key) => [said, key, data(said)[key], numbers[key]]), [said, "hash", said.hash, draw.log],
    ...Object.keys(counts).map((key) => [drawn, key, data(drawn)[key], counts[key]]),
  ];
  for (const [row, key, seen, want] of expected) if (seen !== want) no(say.LOG_HEAD, { event: row.event, key, seen, want });
  if (it.public) {
    same("log", it.public.log, drawn.hash, PUBLIC);
    const void_ = ours[3], { stage = "", reason = "" } = void_ ? data(void_) : {};
    same("", "voided" in it.public ? { voided: it.public.voided } : {}, void_ ? { voided: { stage, reason, time: void_.time, log: void_.hash } } : {}, PUBLIC);
  }
  checkScope(draw, data(frozen));
  return fill(say.OK_LOG, { rows: rows.length, voided: ours.length > 3 ? say.VOIDED_LATER : "" });
}

/** The parts of a public record that can be recomputed by anyone. */
const CEREMONY = [
  function format(it) {
    it.public = publicFile(it);
    checkProtocol(it.public);
    return fill(say.OK_PUBLIC_FORMAT, { protocol: it.public.protocol }) + voidedText(it.public);
  },
  (it) => onPaper(it, it.public),
  function plan({ public: found }) {
    same("plan", found.plan, D("plan", canonical(found.open_plan), found.inner_digest), PUBLIC);
    return fill(say.OK_PUBLIC_PLAN, { pool: found.open_plan.pool, attempt: found.open_plan.attempt });
  },
  function commitment({ public: found }) {
    same("commitment", found.commitment, D("commit", found.nonce, found.root, found.plan), PUBLIC);
    return say.OK_PUBLIC_COMMIT;
  },
  function seed({ public: found }) {
    same("seed", found.seed, seedOf(found), PUBLIC);
    return fill(say.OK_SEED, { count: found.said.length }) + unwitnessed(found);
  },
  function calling({ public: found }) {
    if (!found.winners.length) throw new Undone(fill(say.NO_WINNERS, { drawn: found.drawn }));
    same("winners.length", found.winners.length, found.drawn, PUBLIC);
    const want = called(found.seed, new Map(found.winners.map((one) => [one.id, one.items])), new Map());
    same("winners", found.winners.map(({ no: number, id }) => ({ no: number, id })), want.map(({ no: number, id }) => ({ no: number, id })), PUBLIC);
    return fill(say.OK_CALLING, { drawn: found.drawn });
  },
];

/** A freeze that was voided before it was drawn. */
const ABORTED = [
  function format(it) {
    it.public = jsonFile(it, PUBLIC, shapes.void);
    if (it.public.protocol !== PROTOCOL) no(say.BAD_PROTOCOL, { seen: it.public.protocol, want: PROTOCOL });
    return fill(say.OK_PUBLIC_FORMAT, { protocol: PROTOCOL });
  },
  function slip(it) {
    if (!it.slip) throw new Undone(say.NO_SLIP);
    if (!it.public.commitment.startsWith(it.slip)) no(say.SLIP_DIFFERS, { seen: it.slip, want: it.public.commitment });
    return fill(say.OK_VOID_SLIP, { digits: it.slip.length });
  },
  function commitment() {
    throw new Undone(say.VOID_CLOSED);
  },
  function voided({ public: found }) {
    const said = found.said.map(([name, value]) => `${name}=${value}`).join("，") || say.VOID_UNSAID;
    return fill(say.OK_VOID, { ...found, said }) + voidedText(found);
  },
];

/** Checking a receipt: against the public record, never against itself alone. */
const RECEIPT = [
  function format(it) {
    it.receipt = parse(decode(it.files.get(it.name), it.name), it.name, "\t");
    const { keys } = "cuts" in it.receipt ? shapes.full : shapes.receipt, form = { keys: { ...keys } };
    for (const key of Object.keys(shapes.later.keys)) if (key in it.receipt) form.keys[key] = shapes.later.keys[key];
    checkShape(it.receipt, form, it.name);
    if (it.receipt.protocol !== PROTOCOL) no(say.BAD_PROTOCOL, { seen: it.receipt.protocol, want: PROTOCOL });
    const stranger = Object.keys(it.receipt).sort(order).find((key) => !(key in form.keys));
    if (stranger) no(say.RECEIPT_STRANGER, { key: stranger });
    CEREMONY[0](it);
    return fill("cuts" in it.receipt ? say.OK_RECEIPT_FULL : say.OK_RECEIPT_SHORT, { id: it.receipt.id });
  },
  CEREMONY[1],
  function record(it) {
    for (const step of CEREMONY.slice(2, 5)) step(it);
    return say.OK_RECEIPT_PUBLIC + voidedText(it.public);
  },
  function heads({ receipt, public: found, name }) {
    for (const key of "cuts" in receipt ? ["commitment", "root", "lines_root"] : ["commitment", "root"]) same(key, receipt[key], found[key], name);
    same("size", receipt.size, found.open_plan.pool, name);
    (receipt.cuts || []).forEach((one, i) => same(`cuts[${i + 1}].size`, one.size, found.lines_size, name));
    return say.OK_RECEIPT_HEADS;
  },
  function place({ receipt, name }) {
    const parts = receipt.line.split("\t");
    if (parts.length !== 3) no(say.RECEIPT_LINE, { seen: parts.length });
    same("id", receipt.id, parts[0], name);
    const root = rootOfPath(receipt.line, receipt.index, receipt.size, receipt.path);
    if (root !== receipt.root) no(say.RECEIPT_ROOT, { seen: root, want: receipt.root });
    return fill(say.OK_RECEIPT_PLACE, { size: receipt.size, index: receipt.index + 1, items: parts[1].split(",").join("、") });
  },
  function seal({ receipt }) {
    if (!receipt.cuts) throw new Undone(say.SHORT_NO_SEAL);
    if (D("seal", receipt.salt, receipt.blind, receipt.stratum) !== receipt.line.split("\t")[2]) no(say.RECEIPT_SEAL, { stratum: receipt.stratum });
    return fill(say.OK_RECEIPT_SEAL, { stratum: receipt.stratum });
  },
  function cuts({ receipt }) {
    if (!receipt.cuts) throw new Undone(say.SHORT_NO_CUTS);
    const items = receipt.line.split("\t")[1].split(","), parts = receipt.cuts.map((one) => one.line.split("\t"));
    if (parts.map((one) => one[0]).sort(order).join(",") !== items.join(",")) no(say.RECEIPT_CUT_ITEMS, { seen: parts.map((one) => one[0]).join("、"), want: items.join("、") });
    receipt.cuts.forEach((one, i) => {
      if (parts[i].length !== 6) no(say.RECEIPT_CUT_FIELDS, { item: parts[i][0], seen: parts[i].length });
      if (parts[i][1] !== receipt.stratum) no(say.RECEIPT_CUT_STRATUM, { item: parts[i][0], seen: parts[i][1], want: receipt.stratum });
      const root = rootOfPath(one.line, one.index, one.size, one.path);
      if (root !== receipt.lines_root) no(say.RECEIPT_CUT_ROOT, { item: parts[i][0] });
    });
    return fill(say.OK_RECEIPT_CUTS, { count: parts.length });
  },
  function verdict({ receipt, public: found, name }) {
    const winner = found.winners.find((one) => one.id === receipt.id), taken = takenIn(receipt), later = hasLater(receipt);
    const items = receipt.line.split("\t")[1].split(","), strange = taken.find((item) => !items.includes(item));
    if (strange !== undefined) no(say.RECEIPT_CALLED, { item: strange });
    const listed = found.winners.length ? (winner ? winner.items : []) : receipt.verdict.filter((item) => !taken.includes(item));
    same("verdict", receipt.verdict, standingNow(listed, receipt), name);
    if (!receipt.cuts) {
      const known = later ? say.SHORT_VERDICT_LATER : say.SHORT_VERDICT_LISTED;
      throw new Undone(fill(found.winners.length ? known : say.SHORT_VERDICT, { verdict: verdictText(receipt) }));
    }
    const ticket = D("ticket", keyOf(seedOf(found), "subject"), receipt.id, receipt.blind);
    same("ticket", receipt.ticket, ticket, name);
    const drawn = receipt.cuts.map((one) => one.line.split("\t")).filter((parts) => parts[4] && ticket <= parts[4]).map((parts) => parts[0]).sort(order);
    same("verdict", receipt.verdict, standingNow(drawn, receipt), name);
    if (later) throw new Undone(fill(say.VERDICT_LATER, { drawn: verdictText({ verdict: drawn }), verdict: verdictText(receipt) }));
    return fill(say.OK_RECEIPT_VERDICT, { verdict: verdictText(receipt) });
  },
];

/** Whether replacements changed something for the firm. */
const hasLater = (receipt) => Object.keys(shapes.later.keys).some((key) => key in receipt);

/** The items that the firm took by replacement. */
function takenIn(receipt) {
  return [...new Set((receipt.called || []).flatMap((one) => one.items))].sort(order);
}

/** The items to be checked, of those drawn and what came later. */
function standingNow(drawn, receipt) {
  return receipt.left ? [] : [...new Set([...drawn, ...takenIn(receipt)])].sort(order);
}

function verdictText(receipt) {
  if (receipt.left) return say.FELL;
  const drawn = receipt.verdict.length ? fill(say.DRAWN_FOR, { items: receipt.verdict.join("、") }) : say.NOT_DRAWN;
  return drawn + (receipt.called || []).map((one) => fill(say.CALLED, { items: one.items.join("、") })).join("");
}

/** The steps one after the other; after the first no the rest is not done. */
async function report(kind, titles, steps, it) {
  const done = [];
  let failed = false;
  for (let i = 0; i < steps.length; i++) {
    const one = { no: i + 1, title: titles[i], result: say.YES, sentence: say.STOPPED };
    done.push(one);
    if (failed) { one.result = say.UNDONE; continue; }
    await it.progress(it.part || 0, titles[i]);
    try {
      one.sentence = await steps[i](it);
    } catch (why) {
      if (!(why instanceof No || why instanceof Undone)) throw why;
      one.sentence = why.message;
      one.result = why instanceof Undone ? say.UNDONE : say.NO;
      failed = why instanceof No;
    }
  }
  return { kind, ok: !failed, steps: done, open: openOf(done), summary: summary(kind, done, it) };
}

/** Whether the commitment was held beside the paper, and the numbers said still are to be: it does not fix them. */
const numbersOpen = (steps) => steps[1].result === say.YES && steps[1].sentence.includes(say.COMPARE);

/** What was not checked, in words. */
function openOf(steps) {
  return [...steps.filter((step) => step.result === say.UNDONE).map((step) => step.title), ...(numbersOpen(steps) ? [say.NUMBERS] : [])];
}

function summary(kind, steps, it) {
  const failure = steps.find((step) => step.result === say.NO), open = openOf(steps);
  const cannot = { draw: say.CANNOT_PROVE, public: say.CANNOT_PUBLIC, receipt: say.CANNOT_RECEIPT, void: say.CANNOT_VOID }[kind];
  if (failure) return [fill(say.FAILED, failure), cannot];
  const proves = { draw: say.PROVES, public: say.PROVES_PUBLIC, void: say.PROVES_VOID, receipt: it.receipt && it.receipt.cuts ? (hasLater(it.receipt) ? say.PROVES_LATER : say.PROVES_FULL) : say.PROVES_SHORT }[kind];
  const only = open.length ? [fill(say.PROVES_ONLY, { steps: open.join("、") })] : [];
  const remade = numbersOpen(steps) ? [say.COMPARE_WHY] : steps[1].result === say.UNDONE ? [kind === "draw" ? say.REMADE : say.REMADE_PUBLIC] : [];
  return [proves, ...only, ...remade, cannot];
}

/** Which file it is: by what it holds, for JSON; by its name, for the rest. */
function role(name, bytes) {
  const base = name.split(/[\\/]/).pop();
  if (!base.endsWith(".json")) return ["pool", "excluded", "jurisdiction", "checked", "replace"].filter((word) => base.startsWith(word) && base.endsWith(".tsv")).map((word) => `${word}.tsv`)[0] || base;
  let found = {};
  try { found = JSON.parse(new TextDecoder().decode(bytes)) || {}; } catch { return base; }
  return "cuts" in found || ("path" in found && "verdict" in found) ? base : "inner_digest" in found || ("voided" in found && "commitment" in found) ? PUBLIC : "veil" in found && "open_plan" in found ? DRAW : base;
}

/** Whether a public record is that of a freeze that was voided undrawn, damaged or not. */
function undrawn(bytes) {
  try {
    const found = parse(decode(bytes, PUBLIC), PUBLIC);
    return typeof found === "object" && !Array.isArray(found) && "voided" in found && !("inner_digest" in found);
  } catch (why) {
    if (!(why instanceof No)) throw why;
    return false;
  }
}

/** Verify whatever is there. `files`: [[name, bytes] …]; `slip`: what is written on paper; progress(share, words). */
async function examine(files, slip, progress) {
  const named = new Map(files.map(([name, bytes]) => [role(name, bytes), bytes])), reports = [];
  const receipts = [...named.keys()].filter((name) => name.endsWith(".json") && ![DRAW, PUBLIC, ...KEPT].includes(name));
  const written = slip.replace(/\s/g, "").toLowerCase();
  if (written && !/^[0-9a-f]{8,64}$/.test(written)) throw new No(fill(say.SLIP_FORM, { seen: slip }));
  const it = () => ({ files: named, slip: written, progress });
  if (named.has(DRAW)) reports.push(await report("draw", say.TITLES, STEPS, it()));
  else if (named.has(PUBLIC) && !receipts.length) {
    reports.push(undrawn(named.get(PUBLIC)) ? await report("void", say.VOID_TITLES, ABORTED, it()) : await report("public", say.PUBLIC_TITLES, CEREMONY, it()));
  }
  for (const name of receipts) {
    if (!named.has(PUBLIC)) throw new No(fill(say.RECEIPT_NEEDS_PUBLIC, { file: name }));
    reports.push(await report("receipt", say.RECEIPT_TITLES, RECEIPT, { ...it(), name }));
  }
  if (!reports.length) throw new No(ui.NOTHING_TO_CHECK);
  return reports;
}
