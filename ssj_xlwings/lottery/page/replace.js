// Replacements: who fell out, and whether the next firm in ticket order took each item (step 15 of the protocol).

const REPLACE = "replace.tsv";

/** Who is in the draw after so many replacements. */
function rollOf(it) {
  const { rows, drawn } = it, roll = { it, fallen: new Set(), begun: [], last: drawn.visits.length, strata: new Map(), rank: new Map(), order: new Map(), holds: new Map() };
  drawn.sorted.forEach((i, rank) => {
    roll.rank.set(rows[i].id, rank);
    roll.strata.set(rows[i].id, rows[i].stratum);
    for (const item of rows[i].items) {
      const key = `${item}\t${rows[i].stratum}`;
      if (!roll.order.has(key)) roll.order.set(key, []);
      roll.order.get(key).push(rows[i].id);
    }
  });
  for (const one of drawn.cuts) roll.holds.set(one.item, new Set([...(roll.holds.get(one.item) || []), ...one.drawn]));
  roll.visits = new Map(drawn.visits.map((visit, i) => [visit.id, { ...visit, team: it.draw.visits[i].team }]));
  return roll;
}

/** Take firms out, all at once: the successions [fallen, item, successor], and the visits made or grown. */
function fall(roll, ids, begun) {
  const found = [], gained = new Map();
  for (const id of ids) {
    if (!roll.visits.has(id)) no(swap.NOT_VISITED, { id });
    roll.fallen.add(id);
  }
  for (const fallen of [...ids].sort((a, b) => roll.rank.get(a) - roll.rank.get(b))) {
    roll.visits.delete(fallen);
    for (const item of [...roll.holds.keys()].filter((one) => roll.holds.get(one).has(fallen)).sort(order)) {
      const holders = roll.holds.get(item);
      holders.delete(fallen);
      const next = roll.order.get(`${item}\t${roll.strata.get(fallen)}`).find((id) => !roll.fallen.has(id) && !holders.has(id)) || "";
      if (next) {
        holders.add(next);
        gained.set(next, [...(gained.get(next) || []), item]);
      }
      found.push([fallen, item, next]);
    }
  }
  return { found, made: called(roll.it.seed, gained, roll.rank).map(({ id, items }) => grow(roll, id, items, begun)) };
}

function grow(roll, id, items, begun) {
  let standing = roll.visits.get(id);
  if (standing && begun.has(id)) {
    roll.begun.push(standing);
    standing = undefined;
  }
  if (!standing) roll.last++;
  const visit = { no: roll.last, id, items: [], team: [], ...standing };
  visit.items = [...new Set([...visit.items, ...items])].sort(order);
  visit.team = newTeam(roll, visit);
  roll.visits.set(id, visit);
  return [visit.no, visit.id, visit.items, visit.team];
}

/** The visit's team while it may do every item, else the least loaded by the frozen rule. */
function newTeam(roll, visit) {
  const { draw, units, seed } = roll.it, rule = draw.inner_plan.teams;
  if (!Object.keys(rule).length) return [];
  const able = ableStaff(draw), people = eligible(able, units.get(visit.id), visit).map((person) => person.id);
  if (visit.team.length && visit.team.every((id) => people.includes(id))) return visit.team;
  const load = new Map(able.map((person) => [person.id, 0]));
  for (const other of [...roll.visits.values(), ...roll.begun]) for (const id of other.team) load.set(id, (load.get(id) || 0) + 1);
  return leastLoaded(people, load, visit.id, rule.size, keyOf(seed, "team"));
}

function compared(seen, want, place) {
  const at = seen.findIndex((one, i) => canonical(one) !== canonical(want[i] || []));
  if (at < 0 && seen.length === want.length) return;
  const words = (one) => (one ? one.filter((part) => part !== "").map(shown).join(" ") : say.ABSENT);
  no(swap.OTHER_SUCCESSOR, { seq: place, seen: words(seen[at]), want: words(want[at < 0 ? seen.length : at]) });
}

/** No for a reason that is a result and no ground, without evidence or approver, or approved by who did it. */
function grounded(file, id, reason, evidence, approver, operator = "") {
  if (!unicode.grounds.includes(reason)) no(swap.BAD_GROUND, { file, id, seen: reason, allowed: unicode.grounds.join("、") });
  for (const [label, text] of [[swap.EVIDENCE, evidence], [swap.APPROVER, approver]]) if (!text.trim()) no(swap.NO_GROUND, { file, id, label });
  if (approver === operator) no(swap.OWN_GROUND, { file, id, name: approver });
}

/** Step 12: replace.tsv holds the log's replacements, and each is by the rule. */
function checkReplaced(it) {
  const bytes = it.files.get(REPLACE) || new Uint8Array();
  if (!it.log) return bytes.length ? byFile(it, bytes) : swap.NONE;
  const mine = it.log.filter((row) => row.event === unicode.replaced && dataOf(row).commitment === it.draw.commitment);
  const fieldsOf = (row) => [...["reason", "evidence", "approver"].map((name) => dataOf(row)[name]), row.time, row.hash];
  const want = mine.flatMap((row) => JSON.parse(dataOf(row).rows).map((one) => [...one, ...fieldsOf(row)].join("\t")));
  const lines = cut(bytes).map((line) => new TextDecoder().decode(line)), at = want.findIndex((line, i) => line !== lines[i]);
  if (new TextDecoder().decode(bytes) !== want.map((line) => `${line}\n`).join("")) {
    no(swap.NOT_THE_LOG, { file: REPLACE, line: (at < 0 ? want.length : at) + 1, seen: lines.length, want: want.length });
  }
  if (!mine.length) return swap.NONE;
  for (const row of mine) {
    const { rows, reason, evidence, approver } = dataOf(row), [first] = JSON.parse(rows);
    grounded(fill(swap.OF_LOG, { row: row.seq }), first ? first[0] : "", reason, evidence, approver, row.operator);
  }
  const roll = rollOf(it);
  for (const row of mine) {
    const said = JSON.parse(dataOf(row).rows), made = JSON.parse(dataOf(row).visits);
    const begun = new Set(made.filter(([number, id]) => roll.visits.has(id) && roll.visits.get(id).no !== number).map(([, id]) => id));
    const next = fall(roll, new Set(said.map((one) => one[0])), begun);
    compared(said, next.found, row.seq);
    compared(made, next.made, row.seq);
  }
  return fill(swap.GOOD, { count: new Set(want.map((line) => line.split("\t")[0])).size });
}

/** Without the log only the order of succession in the file can be checked; who falls together stands under one hash. */
function byFile(it, bytes) {
  const groups = new Map(), roll = rollOf(it);
  textLines(bytes, REPLACE).forEach((line, i) => {
    const [fallen, item, next, reason, evidence, approver, , hash] = fields(line, 8, REPLACE, i + 1);
    grounded(REPLACE, fallen, reason, evidence, approver);
    groups.set(hash, [...(groups.get(hash) || []), [fallen, item, next]]);
  });
  for (const said of groups.values()) compared(said, fall(roll, new Set(said.map((one) => one[0])), new Set()).found, REPLACE);
  return fill(swap.GOOD_FILE, { count: [...groups.values()].reduce((sum, said) => sum + new Set(said.map((one) => one[0])).size, 0) });
}
