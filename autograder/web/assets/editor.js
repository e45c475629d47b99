// CodeMirror in front of each text area; the text area holds the text, so that everything else need not know.

import * as cm from "./vendor/codemirror.min.js";

const fromForm = cm.Annotation.define();

export function edit(area, { run }) {
  const label = document.querySelector(`label[for="${area.id}"]`);
  const view = new cm.EditorView({ doc: area.value, extensions: extensions(area, label, run) });
  view.dom.dataset.shows = area.name;
  area.before(view.dom);
  area.hidden = true;
  label.addEventListener("click", () => view.focus());
  area.addEventListener("written", () => {
    const changes = { from: 0, to: view.state.doc.length, insert: area.value };
    if (view.state.doc.toString() !== area.value) view.dispatch({ changes, annotations: fromForm.of(true) });
  });
  return view;
}

function extensions(area, label, run) {
  const nonce = document.querySelector('meta[name="csp-nonce"]').content;
  const send = (kind) => area.dispatchEvent(new Event(kind, { bubbles: true }));
  return [
    cm.EditorView.cspNonce.of(nonce),
    cm.lineNumbers(),
    cm.highlightActiveLine(),
    cm.highlightActiveLineGutter(),
    cm.highlightSpecialChars(),
    cm.drawSelection(),
    cm.history(),
    cm.indentOnInput(),
    cm.bracketMatching(),
    cm.closeBrackets(),
    cm.indentUnit.of("    "),
    cm.EditorState.tabSize.of(4),
    cm.pythonLanguage,
    cm.syntaxHighlighting(cm.classHighlighter),
    cm.Prec.high(cm.keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
    cm.keymap.of([...cm.closeBracketsKeymap, ...cm.defaultKeymap, ...cm.historyKeymap, cm.indentWithTab]),
    cm.EditorView.contentAttributes.of({
      "aria-labelledby": label.id,
      "aria-describedby": area.getAttribute("aria-describedby"),
      autocapitalize: "off",
      autocorrect: "off",
      spellcheck: "false",
    }),
    cm.EditorView.updateListener.of((update) => {
      if (!update.docChanged || update.transactions.some((t) => t.annotation(fromForm))) return;
      area.value = update.state.doc.toString();
      send("input");
    }),
    cm.EditorView.domEventHandlers({ blur: () => void send("change") }),
  ];
}
