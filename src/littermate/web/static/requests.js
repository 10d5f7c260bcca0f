// Requests: every write carries the session's token; what went wrong is said on the page in the server's words.
const TOKEN = document.querySelector("meta[name=littermate-token]")?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-Littermate-Token"] = TOKEN; });
document.addEventListener("htmx:responseError", (event) => {
  let said;
  try { said = JSON.parse(event.detail.xhr.responseText).error; } catch { said = null; }
  notice(said ? inWords(said) : "That did not work; see the server's log.", "refused");
});

/** Show a line at the foot of the page; kind is "" or "refused". */
export function notice(text, kind = "") {
  const place = document.getElementById("notice");
  place.textContent = text;
  place.className = kind;
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => { place.textContent = ""; place.className = ""; }, 9000);
}

export function inWords(error) {
  return `Expected ${error.expected}; found ${error.found}. ${error.do[0].toUpperCase()}${error.do.slice(1)}.`;
}

/** What the server refused, as it said it. */
export class Refused extends Error {
  constructor(status, error) { super(inWords(error)); this.status = status; this.error = error; }
}

/** GET or POST JSON; throws `Refused` where the server says no, TypeError where there is no server, and where `patience_ms` ends. */
export async function ask(address, body, patience_ms = 0) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Littermate-Token": TOKEN },
    body: JSON.stringify(body),
  };
  if (patience_ms) options.signal = AbortSignal.timeout(patience_ms);
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  if (!answer.ok) {
    let said = { expected: "an answer", found: `status ${answer.status}`, do: "reload the page" };
    try { said = (await answer.json()).error ?? said; } catch { /* no JSON: keep the general words */ }
    throw new Refused(answer.status, said);
  }
  return answer.status === 204 ? null : answer.json();
}

/** GET numbers: an array of 64-bit floats. */
export async function askNumbers(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Refused(answer.status, { expected: "numbers", found: `status ${answer.status}`, do: "reload the page" });
  return new Float64Array(await answer.arrayBuffer());
}
