// What stands on the page: files are chosen or dropped, a worker verifies them, the answer is shown in words.

const main = document.getElementById("main");
const chosen = new Map();

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

const picker = make("input", { type: "file", multiple: true, hidden: true, id: "files" });
const folder = make("input", { type: "file", webkitdirectory: true, hidden: true, id: "folder" });
const named = make("p", { className: "files", id: "named" });
const drop = make("div", { className: "drop", id: "drop" },
  make("p", {}, ui.LEAD), make("ul", {}, ...ui.WHAT.map((line) => make("li", {}, line))), make("br"),
  make("button", { type: "button", onclick: () => picker.click() }, ui.CHOOSE),
  make("button", { type: "button", onclick: () => folder.click() }, ui.CHOOSE_FOLDER), picker, folder, named);
const slip = make("input", { type: "text", id: "slip", autocomplete: "off", spellcheck: false });
const codes = make("textarea", { id: "codes", rows: 2, spellcheck: false });
const start = make("button", { type: "button", id: "start", className: "first", disabled: true, onclick: run }, ui.START);
const answer = make("section", { id: "answer" });
answer.setAttribute("aria-live", "polite");
main.append(make("h1", {}, ui.TITLE), drop, make("label", { htmlFor: "slip" }, ui.SLIP), slip, make("label", { htmlFor: "codes" }, ui.PASTE), codes,
  make("p", {}, start, make("button", { type: "button", onclick: () => location.reload() }, ui.AGAIN)), answer,
  make("details", {}, make("summary", {}, ui.DETAILS), make("p", { className: "soft" }, ui.BY_HAND), make("code", {}, ui.COMMAND)));

function add(files) {
  for (const file of files) if (!file.name.startsWith(".") && !file.name.endsWith(".html")) chosen.set(file.name, file);
  named.textContent = chosen.size ? fill(ui.FILES, { names: [...chosen.keys()].join("、") }) : "";
  start.disabled = !chosen.size && !codes.value.trim();
}

picker.onchange = () => add(picker.files);
folder.onchange = () => add(folder.files);
codes.oninput = () => add([]);
for (const event of ["dragenter", "dragover"]) document.addEventListener(event, (dragged) => { dragged.preventDefault(); drop.classList.add("over"); });
document.addEventListener("dragleave", (dragged) => { if (!dragged.relatedTarget) drop.classList.remove("over"); });
document.addEventListener("drop", async (dropped) => {
  dropped.preventDefault();
  drop.classList.remove("over");
  const entries = [...dropped.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter((entry) => entry && entry.isDirectory);
  add([...dropped.dataTransfer.files].filter((file) => !entries.some((entry) => entry.name === file.name)));
  for (const entry of entries) add(await filesIn(entry));
});

/** The files of a dropped folder, one level deep. */
async function filesIn(entry) {
  const reader = entry.createReader(), files = [];
  for (;;) {
    const some = await new Promise((good, bad) => reader.readEntries(good, bad));
    if (!some.length) return files;
    for (const one of some.filter((inner) => inner.isFile)) files.push(await new Promise((good, bad) => one.file(good, bad)));
  }
}

/** The receipt that stands in the QR codes: SSJ1 number/of base64 of the deflated JSON, one code a line. */
async function fromCodes(text) {
  const parts = text.trim().split(/\s*\n\s*/).map((line) => /^SSJ1 (\d+)\/(\d+) ([\w+/=]+)$/.exec(line));
  if (parts.some((part) => !part)) throw new No(ui.BAD_CODE);
  parts.sort((a, b) => a[1] - b[1]);
  if (parts.some((part, i) => Number(part[1]) !== i + 1 || Number(part[2]) !== parts.length)) throw new No(ui.BAD_CODE);
  try {
    const packed = Uint8Array.from(atob(parts.map((part) => part[3]).join("")), (char) => char.charCodeAt(0));
    return new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
  } catch (why) {
    throw new No(ui.BAD_CODE, { cause: why });
  }
}

/** The engine's `examine` in a worker; in the page itself where a browser allows no worker from a file. */
function inWorker(files, written, progress) {
  const boot = `onmessage = async ({ data }) => { try { postMessage({ reports: await examine(data.files, data.slip, async (share, words) => postMessage({ share, words })) }); }
    catch (why) { postMessage({ refused: why instanceof No, why: String(why instanceof No ? why.message : why) }); } };`;
  let worker;
  try {
    worker = new Worker(URL.createObjectURL(new Blob([document.getElementById("engine").textContent, boot], { type: "text/javascript" })));
  } catch {
    return examine(files, written, async (share, words) => { progress(share, words); await new Promise((next) => setTimeout(next)); });
  }
  return new Promise((good, bad) => {
    worker.onmessage = ({ data }) => {
      if (data.reports) good(data.reports);
      else if ("why" in data) bad(data.refused ? new No(data.why) : new Error(data.why));
      else progress(data.share, data.words);
    };
    worker.onerror = (event) => bad(new Error(event.message));
    worker.postMessage({ files, slip: written }, files.map(([, bytes]) => bytes.buffer));
  }).finally(() => worker.terminate());
}

async function run() {
  const bar = make("progress", { max: 1 }), label = make("p", { className: "soft" }, fill(ui.BUSY, { words: "" }));
  start.disabled = true;
  answer.replaceChildren(label, bar);
  try {
    const files = [];
    for (const [name, file] of chosen) files.push([name, new Uint8Array(await file.arrayBuffer())]);
    if (codes.value.trim()) files.push(["receipt.json", await fromCodes(codes.value)]);
    const reports = await inWorker(files, slip.value, (share, words) => {
      if (share) bar.value = share;
      if (words) label.textContent = fill(ui.BUSY, { words });
    });
    answer.replaceChildren(...reports.flatMap(show));
  } catch (why) {
    const words = why instanceof No ? why.message : fill(ui.BROKEN, { why: why.message });
    answer.replaceChildren(make("div", { className: "verdict open" }, make("strong", {}, ui.REFUSED_TITLE), words));
  }
  start.disabled = false;
  answer.scrollIntoView({ block: "start" });
}

function show(report) {
  const [first, ...rest] = report.summary, voided = report.steps.some((step) => step.sentence.includes(say.VOIDED_LATER)) ? say.VOIDED_LATER : "";
  const open = report.ok ? report.open.join("、") : "";
  const classes = { [say.YES]: "yes-word", [say.NO]: "no-word", [say.UNDONE]: "open-word" };
  const rows = report.steps.map((step) => make("tr", { className: step.result === say.NO ? "failed" : "" },
    make("td", {}, String(step.no)), make("td", {}, step.title), make("td", { className: classes[step.result] }, step.result), make("td", {}, step.sentence)));
  return [
    make("div", { className: `verdict ${report.ok ? "yes" : "no"}` },
      make("strong", {}, `${report.ok ? "✓" : "✗"} ${ui.KINDS[report.kind]}：${report.ok ? ui.YES_TITLE : ui.NO_TITLE}${open ? ui.NOT_CHECKED.replace("{steps}", open) : ""}`),
      make("p", {}, voided + first)),
    ...rest.map((line) => make("p", { className: "soft" }, line)),
    make("table", {}, make("thead", {}, make("tr", {}, ...ui.COLUMNS.map((title) => make("th", {}, title)))), make("tbody", {}, ...rows)),
  ];
}
