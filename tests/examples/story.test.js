// SPDX-License-Identifier: MIT
// What the commands over a store find in services that run: the README's story as it is written, the mistakes that are planted in
// the shop, and none on real pages.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {blocksOf} from '../docs/markdown.js';
import {post} from '../integration/support/client.js';
import {built, source, startGlassbox, stopGlassbox} from '../integration/support/process.js';
import {output, run} from '../integration/support/stores.js';
import {example} from './support.js';

const PAGES = '/usr/share/doc/sqlite3';

let top;
before(() => (top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-story-'))));
after(() => fs.rmSync(top, {recursive: true}));

const freePort = () => new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
        const {port} = server.address();
        server.close(() => resolve(port));
    });
});
/** Captures a run of the shop: `repeat` requests to each route. */
async function capture(store, routes, repeat, ...options) {
    const port = await freePort();
    const urls = routes.flatMap((route) => ['--url', `http://127.0.0.1:${port}${route}`]);
    const {status, stderr} = run(['trace', '--store', store, ...urls, '--repeat', String(repeat), '--', example('shop'), String(port), ...options], {timeout: 120_000});
    assert.equal(status, 0, stderr);
}
const reportOf = (store, ...args) => JSON.parse(output(['report', '--store', store, '--format', 'json', '--top', '1000', ...args]));
/** What a report says that somebody planted, or nobody did: rule and route. */
const planted = ({findings}) => findings.filter(({rule}) => ['slow-query', 'n-plus-one', 'redundant-calls', 'error', 'regression'].includes(rule)).map(({rule, route}) => `${rule} ${route}`).sort();

describe('the shop', () => {
    it('has its mistakes found, each where it is, and no others', async () => {
        const store = path.join(top, 'shop');
        await capture(store, ['/orders', '/orders/joined', '/settings', '/three', '/one', '/price', '/report', '/broken'], 3);
        const document = reportOf(store);
        assert.deepEqual(planted(document), ['error GET /broken', 'n-plus-one GET /orders', 'redundant-calls GET /settings']);
        const fanOut = document.findings.filter(({rule}) => rule === 'fan-out').map(({route}) => route).sort();
        assert.deepEqual(fanOut, ['GET /orders', 'GET /report']);
        for (const {rule, file, line, subject} of document.findings.filter((finding) => ['n-plus-one', 'redundant-calls'].includes(finding.rule))) {
            const name = rule === 'n-plus-one' ? 'orders' : 'settings';
            const lines = fs.readFileSync(source('examples', file), 'utf8').split('\n');
            assert.match(lines.slice(line - 3, line).join('\n'), new RegExp(`\\b${name}\\b`), `${file}:${line}`);
            assert.match(subject, /^SELECT /);
        }
    });
    it('has its slow statement found', async () => {
        const store = path.join(top, 'slow');
        await capture(store, ['/search?q=glass', '/one'], 1);
        assert.deepEqual(planted(reportOf(store)), ['slow-query GET /search']);
    });
    it('is told to have become slower where it has', async () => {
        const store = path.join(top, 'slower');
        await capture(store, ['/price'], 40);
        await capture(store, ['/price'], 40, '--price-percent', '2000');
        const slower = reportOf(store, '--baseline', 'latest~1').findings.filter(({rule}) => rule === 'regression');
        assert.deepEqual(slower.map(({subject}) => subject), ['price.compute'], run(['compare', '--store', store, 'latest~1', 'latest']).stdout);
        assert.equal(run(['compare', '--store', store, '--fail-on-slower', 'latest~1', 'latest']).status, 3);
    });
});

describe('fifty real pages', () => {
    it('have nothing found that nobody planted', async () => {
        const store = path.join(top, 'pages');
        const server = await startGlassbox('--store', store, '--keep', 'all');
        const pages = fs.readdirSync(PAGES, {recursive: true}).map(String).filter((name) => name.endsWith('.html')).sort().slice(0, 50);
        for (const page of pages)
            assert.equal((await post(server, '/graph/from/html/to/dot/default', {graph_data: {html: fs.readFileSync(path.join(PAGES, page), 'latin1')}})).status, 200);
        await stopGlassbox(server);
        const document = reportOf(store);
        assert.equal(document.traces, 50);
        assert.deepEqual(planted(document), []);
    });
});

describe('the story of the README', () => {
    it('can be followed as it is written', async () => {
        const block = blocksOf(fs.readFileSync(source('README.md'), 'utf8')).find(({code}) => code.includes('glassbox trace'));
        const [build, setting, ...lines] = block.code.trim().split('\n');
        assert.match(build, /^cmake --preset release -DGLASSBOX_EXAMPLES=ON && cmake --build --preset release$/);
        assert.equal(lines.length, 4);
        const home = path.join(top, 'home');
        fs.mkdirSync(path.join(home, 'build'), {recursive: true});
        fs.symlinkSync(built(), path.join(home, 'build', 'release'));
        const port = String(await freePort());
        const script = ['set -e', setting, ...lines.map((line) => `echo "== ${line}"; ${line}`)].join('\n').replaceAll('8124', port);
        const {GLASSBOX_STORE, GLASSBOX_KEEP, ...env} = process.env;
        const {status, stdout, stderr} = spawnSync('bash', ['-c', script], {cwd: home, env: {...env, LC_ALL: 'C.UTF-8'}, encoding: 'utf8', timeout: 120_000});
        assert.equal(status, 0, stderr);
        const [, first, report, second, comparison] = stdout.split(/^== .*\n/m);
        assert.match(first, /^run \S+: 30 traces, 0 failed\n30 requests \(30 × 200\), 0 errors/);
        assert.match(first, /orders makes up to 30 calls with different arguments: SELECT .* \(shop\.c:\d+\)/);
        assert.match(report, /## Suspected N\+1 patterns\n/);
        assert.match(report, /## Recommendations\n\n(.*\n)*\d+\. `GET \/orders`: orders makes up to 30 calls/);
        assert.doesNotMatch(second, /different arguments/);
        assert.match(comparison, /^GET \/orders .*$/m);
        assert.match(comparison, /^orders_joined .* new$/m);
        assert.match(comparison, /^SELECT .* faster$/m);
    });
});
