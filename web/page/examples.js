// SPDX-License-Identifier: MIT
// Examples that a first-time visitor can run without input of their own.

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Harbour café</title>
  <style>h1 { color: teal }</style>
</head>
<body>
  <header id="top"><h1>Harbour café</h1></header>
  <main>
    <p>Open <b>today</b> until six.</p>
    <ul class="menu">
      <li>Fish soup</li>
      <li>Chips, <em>salted</em></li>
    </ul>
  </main>
  <footer><a href="/contact">Write to us</a></footer>
</body>
</html>
`;

const GRAPH = `{
  "nodes": [
    {"id": "socket"}, {"id": "middleware"}, {"id": "handler"},
    {"id": "capture"}, {"id": "export"}, {"id": "response"}
  ],
  "edges": [
    {"source": "socket", "target": "middleware"},
    {"source": "middleware", "target": "capture", "label": "enter"},
    {"source": "middleware", "target": "handler", "label": "delegate"},
    {"source": "handler", "target": "capture", "label": "spans"},
    {"source": "handler", "target": "response"},
    {"source": "capture", "target": "export", "label": "finish"},
    {"source": "export", "target": "response", "label": "streams"}
  ]
}
`;

async function fetchText(name) {
    const response = await fetch(new URL(name, import.meta.url));
    if (!response.ok)
        throw new Error(`${name}: ${response.status}`);
    return response.text();
}

/** {name: {label, source, text()}}. The first is selected when the page opens. */
export const examples = {
    page: {label: 'A small page', source: 'html', text: async () => PAGE},
    request: {label: 'How a request is traced', source: 'json', text: async () => GRAPH},
    karate: {label: 'Zachary’s karate club (34 people)', source: 'json', text: () => fetchText('karate.json')},
};
