// SPDX-License-Identifier: MIT
// How often `glassbox compare` marks a frame of two runs of one program, which is wrong, and how often one that does a tenth
// more, which is right: compare_truth.js [PAIRS [REQUESTS]]. GLASSBOX_BINARY is the build, in release. Runs follow each other at
// once. See docs/compare.md.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import {program, start, stop} from '../integration/support/process.js';

const PAIRS = Number(process.argv[2] ?? 100);
const REQUESTS = Number(process.argv[3] ?? 20);
const FRAMES = 16;
const PERCENT = 10;

const top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-compare-truth-'));
const work = (store, kind, ...planted) =>
    execFileSync(program('bench-compare_work'), [store, String(REQUESTS), kind, ...planted.map(String)], {encoding: 'utf8'}).trim();
const marked = (store, before, after) => {
    const args = ['compare', '--store', store, '--format', 'json', before, after];
    const text = execFileSync(program('glassbox'), args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
    return JSON.parse(text).frames.filter(({mark}) => mark === 'slower' || mark === 'faster');
};

/** The line of each frame of compare_work.c, by its number. */
const lines = fs.readFileSync(new URL('compare_work.c', import.meta.url), 'utf8').split('\n')
    .flatMap((line, i) => (/^ +WORK\(\d+, /.test(line) ? [i + 1] : []));

function measureWork(kind) {
    const store = path.join(top, kind);
    const counts = {wrong: 0, found: 0};
    for (let i = 0; i < PAIRS; i++) {
        const [before, after, planted] = [work(store, kind), work(store, kind), work(store, kind, i % FRAMES, PERCENT)];
        counts.wrong += marked(store, before, after).length > 0;
        counts.found += marked(store, after, planted).some(({line, mark}) => line === lines[i % FRAMES] && mark === 'slower');
    }
    return counts;
}

const page = Array.from({length: 100}, (_, i) => `<div><h2>Section ${i}</h2><p id="p${i}">Paragraph ${i} <a href="/x${i}">link</a></p></div>`).join('');

async function serveOnce(store, route) {
    const server = await start(program('glassbox'), ['serve', '--port', '0', '--threads', '1', '--store', store, '--keep', 'all']);
    for (let i = 0; i < REQUESTS; i++) {
        const answer = await fetch(server.url + route, {
            method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify({graph_data: {html: page}}),
        });
        await answer.arrayBuffer();
    }
    await stop(server);
}

async function measureServer(engine) {
    const store = path.join(top, engine);
    for (let i = 0; i <= PAIRS; i++)
        await serveOnce(store, `/graph/from/html/to/${engine}/default`);
    let wrong = 0;
    for (let i = 0; i < PAIRS; i++)
        wrong += marked(store, `latest~${i + 1}`, `latest~${i}`).length > 0;
    return {wrong};
}

try {
    for (const kind of ['clock', 'numbers', 'long-numbers', 'mixed', 'long-mixed']) {
        const {wrong, found} = measureWork(kind);
        console.log(`${kind}: a frame marked in ${wrong} of ${PAIRS} pairs of equal runs; ${PERCENT} % in one frame found in ${found} of ${PAIRS}`);
    }
    for (const engine of ['dot', 'tree'])
        console.log(`glassbox serve, ${engine}: a frame marked in ${(await measureServer(engine)).wrong} of ${PAIRS} pairs of equal runs`);
} finally {
    fs.rmSync(top, {recursive: true});
}
