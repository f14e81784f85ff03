// SPDX-License-Identifier: MIT
// Draws docs/images/trace.png: one traced request to the graph service, as the real speedscope shows it.
// From the source root, with the build to use in GLASSBOX_BINARY: GLASSBOX_BINARY=$PWD/build/release node tests/docs/picture.js
import fs from 'node:fs';

import {startApp} from '../e2e/support/app.js';
import {post} from '../integration/support/client.js';
import {htmlBody, readPage, traced} from '../integration/support/input.js';
import {source, startGlassbox, stopGlassbox} from '../integration/support/process.js';

const PAGE = process.argv[2] ?? 'quickstart.html';
const ROUTE = '/graph/from/html/to/dot/default/speedscope';
const CLIP = {x: 0, y: 120, width: 1200, height: 150}; // the chart alone, without toolbar and overview
const WARM_REQUESTS = 50; // the picture shows a warm server, as most requests meet it

const server = await startGlassbox();
const app = await startApp();
try {
    const body = traced(htmlBody(readPage(PAGE)), {trace_output: 'traces_only'});
    for (let i = 0; i < WARM_REQUESTS; i++)
        await post(server, ROUTE, body);
    const view = await app.open((await post(server, ROUTE, body)).text());
    await view.page.setViewportSize({width: 1200, height: 420});
    const file = source('docs', 'images', 'trace.png');
    await view.chart();
    fs.writeFileSync(file, await view.page.screenshot({clip: CLIP}));
    console.log(`${file}: ${fs.statSync(file).size} bytes`);
} finally {
    await app.close();
    await stopGlassbox(server);
}
