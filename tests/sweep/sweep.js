// SPDX-License-Identifier: MIT
// The sweep: sends real pages through every transformation to every engine that the service lists.
//
//     node tests/sweep/sweep.js [--pages N] [--page-bytes BYTES] [--draw-up-to NODES] [--draw-seconds S]
//
// Every answer is a 200 or a 422 that says where and why, the same for every engine and with the same counts; the traced
// output is the untraced one but for its duration; Graphviz draws every DOT with as many nodes and edges as counted.
import assert from 'node:assert/strict';
import {parseArgs} from 'node:util';

import {get, post} from '../integration/support/client.js';
import {htmlBody, pages, readPage, traced} from '../integration/support/input.js';
import {startGlassbox, stopGlassbox} from '../integration/support/process.js';
import {Drawing} from './draw.js';

const USAGE = `usage: sweep [--pages N] [--page-bytes BYTES] [--draw-up-to NODES] [--draw-seconds S]
  --pages N            how many pages of sqlite3-doc, spread over their sizes, the largest first (200)
  --page-bytes BYTES   pages of this size at most (100000000)
  --draw-up-to NODES   graphs up to that size are laid out by dot, larger ones by osage (600)
  --draw-seconds S     a layout by dot that takes longer is left to osage (20)
  --help               this text
The exit code is 0 when nothing is wrong.`;

function readOptions() {
    const number = (text, least) => (assert.ok(Number.isInteger(Number(text)) && Number(text) >= least, `not a number from ${least}: ${text}`), Number(text));
    const {values} = parseArgs({options: {
        pages: {type: 'string', default: '200'},
        'page-bytes': {type: 'string', default: '100000000'},
        'draw-up-to': {type: 'string', default: '600'},
        'draw-seconds': {type: 'string', default: '20'},
        help: {type: 'boolean', short: 'h', default: false},
    }});
    if (values.help) {
        console.log(USAGE);
        process.exit(0);
    }
    return {pages: number(values.pages, 1), pageBytes: number(values['page-bytes'], 1), drawUpTo: number(values['draw-up-to'], 0), limitMs: number(values['draw-seconds'], 1) * 1000};
}

/** What has to be said of a page for a transformation to have something to do; without it the answer is a 422, which is swept too. */
const CONFIGS = {reachable: [{roots: ['n0']}, {}]};

const timeless = (text) => text.replace(/"duration":[0-9.eE+-]+/, '"duration":0');

/** The pages to sweep: all sizes, the largest and the smallest among them. */
function choosePages(count, pageBytes) {
    const all = pages().filter(({bytes}) => bytes <= pageBytes);
    const last = Math.min(count, all.length) - 1;
    return Array.from({length: last + 1}, (_, i) => all[last === 0 ? 0 : Math.round((i * (all.length - 1)) / last)]);
}

class Sweep {
    constructor(server, drawing, engines, transformations) {
        Object.assign(this, {server, drawing, engines, transformations});
        this.faults = [];
        this.counts = {answers: 0, refused: 0, nodes: 0};
    }

    /** One request and the same traced; returns what of it must be the same for every engine. */
    async ask(path, body, what) {
        const plain = await post(this.server, path, body);
        const seen = await post(this.server, `${path}/summary`, traced(body));
        this.counts.answers += 2;
        if (plain.status !== seen.status || !timeless(seen.text()).startsWith(`{"graph_output":${timeless(plain.text())},"traces":`))
            this.faults.push(`${what}: traced, the answer is another one`);
        const answer = plain.json();
        if (plain.status === 422) {
            this.counts.refused++;
            if (!answer.pointer || !answer.detail)
                this.faults.push(`${what}: refused without a reason: ${plain.text()}`);
            return {text: `422 ${answer.pointer}`};
        }
        if (plain.status !== 200) {
            this.faults.push(`${what}: ${plain.status} ${plain.text().slice(0, 200)}`);
            return {text: String(plain.status)};
        }
        return {text: `${answer.node_count} nodes, ${answer.edge_count} edges`, answer};
    }

    async transformPage(name, transformation, config) {
        const body = {...htmlBody(readPage(name)), transform_config: config};
        const results = new Map();
        for (const engine of this.engines) {
            const what = `${name} ${transformation} ${engine}`;
            const {text, answer} = await this.ask(`/graph/from/html/to/${engine}/${transformation}`, body, what);
            results.set(engine, text);
            if (answer && engine === this.engines[0])
                this.counts.nodes += answer.node_count;
            if (answer?.dot !== undefined)
                await this.drawing.add(what, answer.dot, {nodes: answer.node_count, edges: answer.edge_count});
        }
        if (new Set(results.values()).size > 1)
            this.faults.push(`${name} ${transformation}: the engines do not agree: ${JSON.stringify([...results])}`);
    }

    async run(chosen) {
        const begun = performance.now();
        for (const [i, {name, bytes}] of chosen.entries()) {
            for (const transformation of this.transformations)
                for (const config of CONFIGS[transformation] ?? [{}])
                    await this.transformPage(name, transformation, config);
            const seconds = ((performance.now() - begun) / 1000).toFixed(0);
            console.log(`${String(seconds).padStart(5)} s  ${String(i + 1).padStart(4)} of ${chosen.length}  ${name} (${bytes} bytes)  faults: ${this.faults.length + this.drawing.faults.length}`);
        }
        await this.drawing.done();
    }
}

const options = readOptions();
const server = await startGlassbox();
const names = async (what) => (await get(server, `/graph/${what}`)).json()[what].map(({name}) => name);
const drawing = new Drawing(options);
const sweep = new Sweep(server, drawing, await names('engines'), await names('transformations'));
const chosen = choosePages(options.pages, options.pageBytes);
console.log(`${chosen.length} pages, engines ${sweep.engines.join(' ')}, transformations ${sweep.transformations.join(' ')}`);
await sweep.run(chosen);
await stopGlassbox(server);
const faults = [...sweep.faults, ...drawing.faults];
console.log(`${sweep.counts.answers} answers, half of them traced; ${sweep.counts.refused} refused with a reason; ${sweep.counts.nodes} nodes for each engine`);
console.log(`${drawing.counts.dot} drawings laid out by dot, ${drawing.counts.osage} by osage (${drawing.counts.late} of them after dot took too long), ` +
    `${drawing.counts.again} texts the same as an earlier one; the largest has ${drawing.counts.largest} nodes`);
faults.slice(0, 50).forEach((fault) => console.log(`FAULT ${fault}`));
console.log(faults.length === 0 ? 'nothing is wrong' : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
