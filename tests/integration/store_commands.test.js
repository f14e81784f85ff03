// SPDX-License-Identifier: MIT
// The commands over a store: what they print of whole runs, of runs that are being written, and of what cannot be read.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import {text} from 'node:stream/consumers';
import {after, afterEach, before, beforeEach, describe, it} from 'node:test';
import {gunzipSync} from 'node:zlib';

import {get, request} from './support/client.js';
import {program, start, stop} from './support/process.js';
import {checkPublishedSchema, checkSchema} from './support/schemas.js';
import {failure, holdRun, makeRun, output, run} from './support/stores.js';

let top;
before(() => (top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-stores-'))));
after(() => fs.rmSync(top, {recursive: true}));

let fresh = 0;
/** A store of its own with runs of so many traces, each newer than the one before: [store, id...]. */
function makeStore(...counts) {
    const store = path.join(top, `store-${++fresh}`);
    const ids = [];
    for (const count of counts)
        ids.push(makeRun(store, count, ids.at(-1)));
    return [store, ...ids];
}

/** Whether commands can be run on a terminal here: an empty root may have none. */
const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null'], {stdio: ['ignore', 'ignore', 'ignore']}).status === 0;

const json = (args) => JSON.parse(output([...args, '--format', 'json']));
const numbers = (args) => json(args).traces.map(({number}) => number);

describe('a store with two runs', () => {
    let store, older, newer;
    before(() => ([store, older, newer] = makeStore(12, 40)));

    describe('list', () => {
        it('shows the runs, the newest first', () => {
            const lines = output(['list', '--store', store]).trimEnd().split('\n');
            assert.match(lines[0], /^RUN +STARTED \(UTC\) +STATE +TRACES +FAILED +LOST +P50 +P95 +SLOWEST +SIZE$/);
            assert.equal(lines.length, 3);
            assert.match(lines[1], new RegExp(`^${newer} +20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d +closed +40 +4 +0 +\\d+ µs +\\d+ µs +\\d+ µs +[\\d.]+ KiB$`));
            assert.match(lines[2], new RegExp(`^${older} .* closed +12 +1 +0 `));
        });
        it('has the same as JSON, with exact figures', () => {
            const document = json(['list', '--store', store]);
            checkSchema('list', document);
            assert.deepEqual(document.runs.map(({id, traces, failed, lost, state, fault}) => ({id, traces, failed, lost, state, fault})), [
                {id: newer, traces: 40, failed: 4, lost: 0, state: 'closed', fault: null},
                {id: older, traces: 12, failed: 1, lost: 0, state: 'closed', fault: null},
            ]);
            const durations = json(['list', '--store', store, newer]).traces.map(({duration_ns}) => duration_ns);
            const [{slowest_ns, total_ns, p50_ns, bytes}] = document.runs;
            assert.equal(slowest_ns, Math.max(...durations));
            assert.equal(total_ns, durations.reduce((sum, one) => sum + one, 0));
            const median = durations.sort((a, b) => a - b)[19];
            assert.ok(p50_ns >= median && p50_ns <= median * 1.032, `${p50_ns} for ${median}`);
            assert.equal(bytes, fs.statSync(path.join(store, `${newer}.db`)).size);
        });
        it('shows as many as it is told to', () => {
            assert.deepEqual(json(['list', '--store', store, '--limit', '1']).runs.map(({id}) => id), [newer]);
        });
        it('shows the traces of a run, the slowest first', () => {
            const document = json(['list', '--store', store, newer]);
            checkSchema('list_run', document);
            assert.equal(document.run.id, newer);
            assert.equal(document.more, false);
            assert.equal(document.traces.length, 40);
            const durations = document.traces.map(({duration_ns}) => duration_ns);
            assert.deepEqual(durations, [...durations].sort((a, b) => b - a));
            const lines = output(['list', '--store', store, newer]).trimEnd().split('\n');
            assert.match(lines[0], /^NUMBER +DURATION +STATUS +METHOD +PATH +KEPT +SPANS +STARTED \(UTC\) +TRACE$/);
            assert.deepEqual(lines.slice(1).map((line) => Number(line.trim().split(' ')[0])), document.traces.map(({number}) => number));
        });
        it('selects traces', () => {
            assert.deepEqual(numbers(['list', '--store', store, newer, '--failed']).sort((a, b) => a - b), [10, 20, 30, 40]);
            assert.deepEqual(numbers(['list', '--store', store, newer, '--route', '/hello']), [3]);
            assert.deepEqual(numbers(['list', '--store', store, newer, '--route', '/h*']), [3]);
            assert.deepEqual(numbers(['list', '--store', store, newer, '--route', '/none']), []);
            const all = json(['list', '--store', store, newer]).traces;
            const limit = all[4].duration_ns;
            assert.deepEqual(numbers(['list', '--store', store, newer, '--slower-than', `${limit}ns`]), all.filter(({duration_ns}) => duration_ns >= limit).map(({number}) => number));
        });
        it('selects what is not older', async () => {
            assert.equal(numbers(['list', '--store', store, newer, '--since', '3650d']).length, 40);
            assert.deepEqual(numbers(['list', '--store', store, newer, '--since', '1d']), []); // they began in 2025
            const [own] = makeStore(1);
            const [{ended_at}] = json(['list', '--store', own, '--since', '1d']).runs;
            const isOld = async (instant) => {
                while (Date.now() <= instant + 1000)
                    await new Promise((resolve) => setTimeout(resolve, 50));
            };
            await isOld(Date.parse(ended_at));
            assert.match(output(['list', '--store', own, '--since', '1s']), /^RUN .*\nThe store has no such runs\.\n$/);
            const writer = await holdRun(own, 1);
            await isOld(Date.now()); // what is committed is older, and the run has not ended
            const {runs} = json(['list', '--store', own, '--since', '1s']);
            await writer.close();
            assert.deepEqual(runs.map(({state}) => state), ['writing']);
        });
        it('says that there are more than it shows', () => {
            const document = json(['list', '--store', store, newer, '--limit', '3']);
            assert.deepEqual({count: document.traces.length, more: document.more}, {count: 3, more: true});
            assert.match(output(['list', '--store', store, newer, '--limit', '3']), /\nThere are more; --limit says how many to list\.\n$/);
            assert.equal(json(['list', '--store', store, newer, '--limit', '40']).more, false);
        });
        it('says so where no trace is such a one', () => {
            assert.match(output(['list', '--store', store, newer, '--route', '/none']), /^NUMBER .*\nThe run has no such traces\.\n$/);
        });
        it('refuses to select traces of no run', () => {
            for (const option of [['--failed'], ['--route', '/x'], ['--slower-than', '1ms']])
                assert.equal(failure(['list', '--store', store, ...option], 2), `${option[0]} selects traces of a run; name one, such as 'latest'`);
        });
    });

    describe('a run', () => {
        const named = (name) => json(['list', '--store', store, name]).run.id;
        it('is named by its id, the beginning of the id or of its tail, or its place', () => {
            assert.equal(named(newer), newer);
            assert.equal(named(older.slice(16)), older);
            assert.equal(named(newer.slice(16, 22)), newer);
            assert.equal(named('latest'), newer);
            assert.equal(named('latest~1'), older);
        });
        it('is not meant by the number or the id of a trace', () => {
            assert.match(failure(['show', '--store', store, '1']), /^no run '1': .*; a trace is given by '--trace 1'$/);
            const {trace_id} = json(['list', '--store', store, older]).traces[0];
            assert.ok(failure(['show', '--store', store, trace_id]).endsWith(`; a trace is given by '--trace ${trace_id}'`));
            assert.ok(failure(['show', 'latest', '--store', store, '--trace', trace_id]).endsWith(`there is no trace ${trace_id}; it is in run ${older}`));
            // Without a run, the one that has it is meant.
            assert.equal(output(['show', '--store', store, '--trace', trace_id]), output(['show', older, '--store', store, '--trace', trace_id]));
            assert.equal(output(['export', '--format', 'folded', '--store', store, '--trace', trace_id]), output(['export', older, '--format', 'folded', '--store', store, '--trace', trace_id]));
            assert.doesNotMatch(failure(['list', '--store', store, '1']), /--trace/);
            const nobodys = 'f'.repeat(32);
            for (const command of [['show'], ['export', '--format', 'folded'], ['open']])
                assert.equal(failure([...command, '--store', store, '--trace', nobodys]), `no run has the trace ${nobodys}`);
            assert.equal(failure(['show', 'latest', '--store', store, '--trace', nobodys]), `run ${newer}: there is no trace ${nobodys}`);
        });
        it('is not named by nothing', () => {
            for (const command of [['list'], ['show'], ['export', '--format', 'folded'], ['open']])
                assert.equal(failure([...command, '--store', store, ''], 2), 'RUN must not be empty');
        });
        it('is not found under a name that none or several have', () => {
            const digit = newer.at(-1) === '0' ? '1' : '0';
            assert.match(failure(['show', '--store', store, newer.slice(0, -1) + digit]), new RegExp(`did you mean '?(${newer}|${older})'?\\?$`));
            const message = failure(['show', '--store', store, newer.slice(0, 4)]);
            assert.ok(message.includes(newer) && message.includes(older), message);
            assert.match(failure(['export', '--format', 'full', '--store', store, 'latest~2']), /has 2 runs, up to 'latest~1'$/);
        });
    });

    describe('show', () => {
        it('says the method and the path of a trace whose name does not', () => {
            assert.match(output(['show', '--store', store, '--trace', '4']), /^POST \/graph: nightly\n/);
            assert.match(output(['show', '--store', store, '--trace', '5']), /^POST \/graph\n/);
        });
        it('shows the slowest trace of the latest run', () => {
            const text = output(['show', '--store', store]);
            const [{number, trace_id}] = json(['list', '--store', store, 'latest', '--limit', '1']).traces;
            assert.match(text, /^POST \/graph\n[\d.]+ µs, status \d+, 2025-08-05 13:20:00 UTC, kept: /);
            assert.ok(text.includes(`run ${newer}, trace #${number} ${trace_id}\n`), text);
            assert.match(text, /\nnotes: number=\d+\n/);
            assert.match(text, /\n {2}handle +×1 +[\d.]+ µs +[\d.]+ µs +[\d.]+ % +█/);
            assert.match(text, /\n {4}db\.query +×\d /);
            assert.match(text, /\n {6}statement=SELECT 1\n/);
        });
        it('shows what failed and what is on other threads', () => {
            const text = output(['show', '--store', store, '--trace', '40']);
            assert.match(text, /\nfailed in db\.query: time is up\n/);
            assert.match(text, /\n {6}1 failed: time is up, statement=SELECT 1\n/);
            assert.match(text, /\n\[worker\] .*\n {2}render +×1 +5\.00 µs +5\.00 µs /);
        });
        it('takes numbers and the beginnings of trace ids', () => {
            const of = (name) => json(['show', '--store', store, '--trace', name]).trace;
            const {trace_id} = of('7');
            assert.equal(of('#7').number, 7);
            assert.equal(of(trace_id).number, 7);
            assert.equal(of(trace_id.slice(0, 10)).number, 7);
        });
        it('refuses traces that there are not', () => {
            for (const name of ['41', '#0', 'ffffffffffffffffffffffffffffffff'])
                assert.match(failure(['show', '--store', store, '--trace', name]), /./);
            assert.match(failure(['show', '--store', store, '--trace', 'zz'], 2), /^'zz' is no trace: expected/);
        });
        it('has the same as JSON, with the figures of the full document', () => {
            for (const number of ['1', '3', '20', '40']) {
                const document = json(['show', '--store', store, '--trace', number]);
                checkSchema('show', document);
                const full = JSON.parse(output(['export', '--format', 'full', '--store', store, '--trace', number]));
                const sums = new Map();
                const visit = (span) => {
                    const sum = sums.get(span.name) ?? {calls: 0, self_ns: 0};
                    sums.set(span.name, {calls: sum.calls + span.calls, self_ns: sum.self_ns + span.self_ns});
                    span.children.forEach(visit);
                };
                document.threads.forEach(({spans}) => spans.forEach(visit));
                for (const {name, call_count, self_ns} of full.method_timings)
                    assert.deepEqual(sums.get(name), {calls: call_count, self_ns}, name);
                assert.equal(sums.size, full.method_timings.length);
                assert.deepEqual(document.notes, {number: Number(number)});
            }
        });
        it('counts what --depth leaves out', () => {
            const [{spans: [root]}] = json(['show', '--store', store, '--trace', '2', '--depth', '1']).threads;
            assert.deepEqual({children: root.children, hidden: root.hidden}, {children: [], hidden: 3});
            assert.match(output(['show', '--store', store, '--trace', '2', '--depth', '1']), /\n {2}handle .*\n {4}3 more below\n/);
        });
        it('uses no more than ASCII where the locale has no more', () => {
            const text = output(['show', '--store', store], {env: {LC_ALL: 'C'}});
            assert.match(text, / x1 .* us .*#####\n/);
            assert.match(text, /^[\x20-\x7e\n]*$/);
        });
    });

    describe('export', () => {
        it('writes every format that a request can ask for', () => {
            checkSchema('full', JSON.parse(output(['export', '--format', 'full', '--store', store])));
            checkSchema('summary', JSON.parse(output(['export', '--format', 'summary', '--store', store])));
            checkPublishedSchema(JSON.parse(output(['export', '--format', 'speedscope', '--store', store])));
        });
        it('writes the slowest trace unless it is told another', () => {
            const [slowest, second] = json(['list', '--store', store, 'latest']).traces;
            assert.equal(JSON.parse(output(['export', '--format', 'full', '--store', store])).metadata.trace_id, slowest.trace_id);
            assert.equal(JSON.parse(output(['export', '--format', 'full', '--store', store, '--trace', second.trace_id])).metadata.trace_id, second.trace_id);
        });
        it('takes the options of the documents', () => {
            const of = (...args) => JSON.parse(output(['export', '--store', store, '--trace', '2', ...args]));
            assert.equal(of('--format', 'summary', '--top', '2').hotspots.length, 2);
            assert.equal(of('--format', 'full', '--call-tree', 'none').call_tree, null);
            assert.deepEqual(of('--format', 'full', '--min-duration', '50us').method_timings.map(({name}) => name), ['handle']);
        });
        it('writes a file whole, in the place of the one before', () => {
            const file = path.join(top, 'out.json');
            fs.writeFileSync(file, 'before');
            assert.equal(output(['export', '--format', 'full', '--store', store, '--output', file]), '');
            assert.equal(fs.readFileSync(file, 'utf8'), output(['export', '--format', 'full', '--store', store]));
            assert.deepEqual(fs.readdirSync(top).filter((name) => name.startsWith('out.json')), ['out.json']);
        });
        it('says where it could not write', () => {
            assert.equal(failure(['export', '--format', 'full', '--store', store, '--output', '/dev/full']), 'cannot write /dev/full: No space left on device');
            assert.match(failure(['export', '--format', 'full', '--store', store, '--output', path.join(top, 'no', 'out')]), /^cannot write .*no\/out: No such file or directory$/);
            const full = fs.openSync('/dev/full', 'w');
            assert.equal(failureWith(['export', '--format', 'full', '--store', store], full), 'glassbox export: cannot write standard output: No space left on device\n');
            for (const command of [['list'], ['list', 'latest'], ['show']])
                assert.match(failureWith([...command, '--store', store], full), /^glassbox \w+: cannot write: No space left on device\n$/);
            fs.closeSync(full);
        });
        it('says that a pipe was closed', async () => {
            const child = onClosedPipe(['export', '--format', 'full', '--store', store]);
            const closed = new Promise((resolve) => child.once('close', (code, signal) => resolve({code, signal})));
            assert.equal(await text(child.stderr), 'glassbox export: cannot write standard output: Broken pipe\n');
            assert.deepEqual(await closed, {code: 1, signal: null});
        });
        it('writes what is for other tools', () => {
            assert.match(output(['export', '--format', 'folded', '--store', store]), /^handle;db\.query;row \d+$/m);
            assert.ok(JSON.parse(output(['export', '--format', 'chrome', '--store', store])).traceEvents.length > 3);
            const profile = output(['export', '--format', 'pprof', '--store', store], {encoding: 'buffer'});
            assert.ok(gunzipSync(profile).length > profile.length);
        });
        it('writes no bytes to a terminal', {skip: !hasTerminals && 'needs a pseudo-terminal'}, () => {
            const command = `'${program('glassbox')}' export --format pprof --store '${store}'`;
            const {status, stdout} = spawnSync('script', ['-qec', command, '/dev/null'], {encoding: 'utf8', timeout: 60_000, stdio: ['ignore', 'pipe', 'pipe']});
            assert.deepEqual({status, stdout}, {status: 2, stdout: 'glassbox export: pprof is not for a terminal; give --output FILE or send standard output to a file\r\n'});
        });
        it('refuses formats that there are not', () => {
            assert.match(failure(['export', '--format', 'fulll', '--store', store], 2), /^--format takes full, summary, .*, not 'fulll'$/);
            assert.equal(failure(['export', '--store', store], 2), '--format is missing');
        });
    });

    describe('open', () => {
        it('serves speedscope and the trace until a signal comes, and to nobody else', async () => {
            const viewer = await start(program('glassbox'), ['open', '--store', store, '--no-browser', '--trace', '5']);
            assert.match(viewer.firstLine, /^glassbox: the trace is at http:\/\/127\.0\.0\.1:\d+\/$/);
            const first = await get(viewer, '/');
            assert.equal(first.status, 302);
            const place = new URL(first.headers.location, viewer.url);
            assert.equal(place.pathname, '/speedscope/');
            const document = await get(viewer, decodeURIComponent(place.hash.slice('#profileURL='.length)));
            assert.equal(document.status, 200);
            assert.equal(document.headers['content-type'], 'application/json');
            assert.equal(document.headers['cache-control'], 'no-store');
            assert.equal(document.headers['cross-origin-resource-policy'], 'same-origin');
            assert.equal(document.headers['access-control-allow-origin'], undefined);
            assert.equal(document.text(), output(['export', '--format', 'speedscope', '--store', store, '--trace', '5']));
            const page = await get(viewer, '/speedscope/');
            assert.match(page.headers['content-security-policy'], /default-src 'none'/);
            for (const path of ['/', '/trace.speedscope.json', '/speedscope/'])
                assert.equal((await request(viewer, 'GET', path, {headers: {Host: 'evil.example'}})).status, 421, path);
            assert.equal((await request(viewer, 'POST', '/trace.speedscope.json', {body: 'x'})).status >= 400, true);
            assert.equal((await get(viewer, '/nothing')).status, 404);
            await stop(viewer, 'SIGINT');
        });
        it('starts the browser with the address', async () => {
            const browser = path.join(top, 'browser'), told = path.join(top, 'told');
            spawnSync('mkfifo', [told]);
            fs.writeFileSync(browser, `#!/bin/sh\necho "$1" > '${told}'\n`, {mode: 0o700});
            const viewer = await start(program('glassbox'), ['open', '--store', store], {BROWSER: browser});
            assert.equal(await fs.promises.readFile(told, 'utf8'), `${viewer.url}/\n`);
            await stop(viewer);
        });
        it('says that there is no browser, and serves', async () => {
            const viewer = await start(program('glassbox'), ['open', '--store', store], {BROWSER: '/no/such/browser'});
            assert.equal((await get(viewer, '/')).status, 302);
            viewer.child.kill('SIGTERM');
            assert.deepEqual(await viewer.exited, {code: 0, signal: null});
            assert.equal(viewer.complaints(), 'glassbox open: no browser could be started; open the address yourself\n');
        });
        it('serves on though nobody reads what it prints', async () => {
            const child = onClosedPipe(['open', '--store', store], {env: {...process.env, BROWSER: '/no/such/browser'}});
            const closed = new Promise((resolve) => child.once('close', (code, signal) => resolve({code, signal})));
            const complaints = readline.createInterface({input: child.stderr})[Symbol.asyncIterator]();
            // It looks for a browser when it has printed the address.
            assert.equal((await complaints.next()).value, 'glassbox open: no browser could be started; open the address yourself');
            child.kill('SIGTERM');
            assert.deepEqual(await closed, {code: 1, signal: null});
            assert.equal((await complaints.next()).value, 'glassbox open: cannot write: Broken pipe');
        });
        it('says that its port is taken', async () => {
            const viewer = await start(program('glassbox'), ['open', '--store', store, '--no-browser']);
            assert.match(failure(['open', '--store', store, '--no-browser', '--port', String(viewer.port)]), /^cannot listen on 127\.0\.0\.1:\d+: Address already in use$/);
            await stop(viewer);
        });
    });

    it('names of strangers do not reach a terminal as they are', () => {
        for (const args of [['list'], ['list', newer], ['show', '--trace', '3']]) {
            const text = output([...args, '--store', store]);
            assert.doesNotMatch(text, /\x1b/);
        }
        assert.match(output(['show', '--trace', '3', '--store', store]), /^GET \/hello \\x1b\[31m\n/);
    });

    it('is found by GLASSBOX_STORE too, and the command line counts more', () => {
        assert.equal(output(['list'], {env: {GLASSBOX_STORE: store}}), output(['list', '--store', store]));
        assert.equal(output(['list', '--store', store], {env: {GLASSBOX_STORE: '/nonexistent'}}), output(['list', '--store', store]));
    });
});

/** Starts a command on a pipe that had a reader, and has none any more. */
function onClosedPipe(args, options = {}) {
    const pipe = path.join(top, `pipe-${++fresh}`);
    spawnSync('mkfifo', [pipe]);
    const script = 'exec 3<>"$1"; exec 4>"$1"; exec 3>&-; shift; exec "$@" >&4 4>&-';
    return spawn('bash', ['-c', script, 'bash', pipe, program('glassbox'), ...args], {stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000, ...options});
}

/** What a command says that cannot write its output to `descriptor`. */
function failureWith(args, descriptor) {
    const {status, stderr} = run(args, {stdio: ['ignore', descriptor, 'pipe']});
    assert.equal(status, 1, stderr);
    return stderr;
}

describe('prune', () => {
    let store, ids;
    beforeEach(() => ([store, ...ids] = makeStore(2, 3, 4)));
    const left = () => json(['list', '--store', store]).runs.map(({id}) => id).reverse();

    it('removes the oldest runs and says so', () => {
        const lines = output(['prune', '--store', store, '--keep-runs', '1']).trimEnd().split('\n');
        assert.deepEqual(lines.slice(0, 2).map((line) => line.replace(/, .*/, '')), [`removed ${ids[0]}`, `removed ${ids[1]}`]);
        assert.match(lines[2], /^2 runs, [\d.]+ KiB freed$/);
        assert.deepEqual(left(), [ids[2]]);
        assert.equal(output(['prune', '--store', store, '--keep-runs', '1']), 'nothing to remove\n');
    });
    it('only says what it would remove', () => {
        assert.match(output(['prune', '--store', store, '--keep-bytes', '1', '--dry-run']), /^would remove .*\nwould remove .*\n2 runs, [\d.]+ KiB would be freed\n$/);
        assert.deepEqual(left(), ids);
    });
    it('takes an age', () => {
        assert.equal(output(['prune', '--store', store, '--keep-age', '1d']), 'nothing to remove\n');
    });
    it('wants a limit', () => {
        assert.equal(failure(['prune', '--store', store], 2), 'say what to keep: --keep-runs N, --keep-bytes SIZE or --keep-age DURATION');
    });
    it('leaves a run alone that is being written', async () => {
        const writer = await holdRun(store, 1);
        output(['prune', '--store', store, '--keep-runs', '1']);
        assert.ok(left().includes(writer.id));
        await writer.close();
    });
});

describe('a run that is being written', () => {
    const writers = [];
    /** Begins a run that ends with its test, passed or not. */
    async function hold(...args) {
        const writer = await holdRun(...args);
        writers.push(writer);
        return writer;
    }
    afterEach(() => writers.splice(0).forEach(({child}) => child.kill('SIGKILL')));

    it('is listed as such, with what is committed', async () => {
        const [store] = makeStore();
        const writer = await hold(store, 5);
        assert.deepEqual(json(['list', '--store', store]).runs.map(({id, state, traces}) => ({id, state, traces})), [{id: writer.id, state: 'writing', traces: 5}]);
        await writer.add(3);
        assert.equal(json(['list', '--store', store]).runs[0].traces, 8);
        const {trace} = json(['show', '--store', store, '--trace', '8']);
        assert.equal(trace.number, 8);
        assert.deepEqual(json(['show', '--store', store, '--trace', trace.trace_id]).trace, trace);
        await writer.close();
        assert.equal(json(['list', '--store', store]).runs[0].state, 'closed');
    });
    it('is told as broken off when its process is killed, with what was committed', async () => {
        const [store] = makeStore();
        const writer = await hold(store, 5);
        await writer.kill();
        assert.deepEqual(json(['list', '--store', store]).runs.map(({state, traces, lost}) => ({state, traces, lost})), [{state: 'broken off', traces: 5, lost: 0}]);
        assert.equal(json(['show', '--store', store]).run.state, 'broken off');
    });

    /** Follows the latest run: {child, lines, exited, begun}. What does not end is killed. */
    function follow(store, ...args) {
        const child = spawn(program('glassbox'), ['show', '--follow', '--store', store, ...args], {
            stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000, killSignal: 'SIGKILL',
        });
        return {
            child, lines: readline.createInterface({input: child.stdout})[Symbol.asyncIterator](),
            exited: new Promise((resolve) => child.on('close', (code, signal) => resolve({code, signal}))),
            begun: new Promise((resolve) => child.stderr.once('data', (text) => resolve(String(text)))),
        };
    }
    it('is followed trace by trace, to its end', async () => {
        const [store] = makeStore();
        const writer = await hold(store, 2);
        const follower = follow(store);
        assert.equal(await follower.begun, `glassbox show: following run ${writer.id}; Ctrl+C ends this\n`);
        await writer.add(2);
        assert.match((await follower.lines.next()).value, /^2025-08-05 13:20:00 {2}#3 +200 +\d+ [µu]s {2}GET \/hello {2}sampled$/);
        assert.match((await follower.lines.next()).value, / #4 .* POST \/graph {2}sampled$/);
        await writer.add(6);
        for (const number of [5, 6, 7, 8, 9])
            assert.match((await follower.lines.next()).value, new RegExp(` #${number} `));
        assert.match((await follower.lines.next()).value, / #10 +500 .* {2}failed, sampled: time is up$/);
        await writer.close();
        assert.equal((await follower.lines.next()).done, true);
        assert.deepEqual(await follower.exited, {code: 0, signal: null});
    });
    it('is followed without being named, also if another began later', async () => {
        const [store] = makeStore();
        const writer = await holdRun(store, 1);
        makeRun(store, 1, writer.id);
        const follower = follow(store);
        assert.equal(await follower.begun, `glassbox show: following run ${writer.id}; Ctrl+C ends this\n`);
        await writer.close();
        assert.deepEqual(await follower.exited, {code: 0, signal: null});
    });
    it('is followed as JSON until a signal comes', async () => {
        const [store] = makeStore();
        const writer = await hold(store, 1);
        const follower = follow(store, '--format', 'json');
        await follower.begun;
        await writer.add(1);
        assert.equal(JSON.parse((await follower.lines.next()).value).number, 2);
        follower.child.kill('SIGINT');
        assert.deepEqual(await follower.exited, {code: 0, signal: null});
        await writer.close();
    });
    it('is followed until its process is killed', async () => {
        const [store] = makeStore();
        const writer = await hold(store, 1);
        const follower = follow(store);
        await follower.begun;
        await writer.add(1);
        await writer.kill();
        assert.match((await follower.lines.next()).value, / #2 /);
        assert.equal((await follower.lines.next()).done, true);
        assert.deepEqual(await follower.exited, {code: 0, signal: null});
    });
    it('is followed until nobody reads what is printed', async () => {
        const [store] = makeStore();
        const writer = await hold(store, 1);
        const follower = follow(store);
        await follower.begun;
        follower.child.stdout.destroy();
        assert.deepEqual(await follower.exited, {code: 0, signal: null}); // though no trace comes
        await writer.close();
    });
    it('is not followed when it has ended', () => {
        const [store, id] = makeStore(3);
        const {status, stdout, stderr} = run(['show', '--follow', '--store', store]);
        assert.deepEqual({status, stdout, stderr}, {status: 0, stdout: '', stderr: `glassbox show: run ${id} is not being written; it has 3 traces\n`});
    });
});

describe('a store that is not as it should be', () => {
    it('is not there: one line says how to make one', () => {
        for (const args of [['list'], ['show'], ['export', '--format', 'full'], ['open'], ['prune', '--keep-runs', '1']]) {
            assert.equal(failure([...args, '--store', '/nonexistent/store']), "there is no store /nonexistent/store; 'glassbox serve --store /nonexistent/store' makes one");
            assert.equal(failure(args, 1, {cwd: top}), "there is no store .glassbox; 'glassbox serve --store .glassbox' makes one");
        }
    });
    it('is a file', () => {
        const file = path.join(top, 'file');
        fs.writeFileSync(file, '');
        assert.match(failure(['list', '--store', file]), /: it is no folder; a store is the folder of its files$/);
    });
    it('has no runs', () => {
        const store = path.join(top, 'empty');
        fs.mkdirSync(store, {mode: 0o700});
        assert.equal(run(['list', '--store', store]).status, 0);
        assert.deepEqual(fs.readdirSync(store), [], 'a folder that may be no store stays as it is');
        assert.deepEqual(json(['list', '--store', store]), {runs: []});
        assert.match(output(['list', '--store', store]), /^RUN .*\nThe store has no runs\.\n$/);
        assert.match(failure(['show', '--store', store]), /./);
    });
    it('has a run without traces', async () => {
        const [store] = makeStore();
        const writer = await holdRun(store, 0);
        const {id} = writer;
        assert.deepEqual(json(['list', '--store', store, id]).traces, []);
        assert.match(output(['list', '--store', store, id]), /^NUMBER .*\nThe run has no traces\.\n$/);
        assert.match(output(['list', '--store', store]), new RegExp(`^${id} .* writing +0 +0 +0 +[\\d.]+ KiB$`, 'm'));
        for (const args of [['show'], ['export', '--format', 'summary'], ['open', '--no-browser']])
            assert.match(failure([...args, '--store', store]), /no traces/);
        await writer.close();
        assert.deepEqual(json(['list', '--store', store]), {runs: []}, 'what is of no use is not kept');
    });
    it('has a newest run without traces: the one before is pointed to', async () => {
        const [store, older] = makeStore(3);
        const writer = await holdRun(store, 0);
        const newest = writer.id;
        const advice = "; the last run with traces is 'latest~1'";
        assert.equal(failure(['show', '--store', store]), `run ${newest}: it has no traces${advice}`);
        assert.ok(failure(['export', '--format', 'summary', '--store', store, 'latest']).endsWith(advice));
        assert.ok(!failure(['show', '--store', store, older, '--trace', '#9']).includes(advice));
        await writer.close();
        const [other, broken, newer] = makeStore(3, 3);
        fs.writeFileSync(path.join(other, `${newer}.db`), 'this is no database');
        assert.ok(failure(['show', '--store', other]).endsWith(advice));
        fs.writeFileSync(path.join(other, `${broken}.db`), 'this is no database');
        makeRun(other, 3, newer);
        assert.equal(failure(['show', '--store', other, broken]), `run ${broken}: it is not a database`); // it is not the newest
    });
    it('has damaged runs beside good ones', () => {
        const [store, good, text, cut, flipped] = makeStore(3, 3, 3, 200);
        fs.writeFileSync(path.join(store, `${text}.db`), 'this is no database');
        fs.truncateSync(path.join(store, `${cut}.db`), 5000);
        const bytes = fs.readFileSync(path.join(store, `${flipped}.db`));
        bytes.fill(0x55, 4096, bytes.length);
        fs.writeFileSync(path.join(store, `${flipped}.db`), bytes);
        const document = json(['list', '--store', store]);
        checkSchema('list', document);
        const {runs} = document;
        assert.deepEqual(runs.map(({id}) => id), [flipped, cut, text, good]);
        assert.deepEqual(runs.map(({fault}) => fault === null), [false, false, false, true]);
        const lines = output(['list', '--store', store]).trimEnd().split('\n');
        assert.equal(lines.length, 1 + 4 + 3);
        assert.match(lines[1], new RegExp(`^${flipped} .* unreadable$`));
        assert.match(lines[2], /^ {4}\S/);
        for (const id of [text, cut, flipped])
            assert.ok(failure(['show', '--store', store, id]).length > 10);
        assert.equal(json(['show', '--store', store, good]).run.id, good);
    });
    it('has a catalog that is missing or damaged, which is made again', () => {
        const [store] = makeStore(7);
        const whole = output(['list', '--store', store]);
        const catalog = path.join(store, 'catalog.db');
        for (const text of [null, 'no database', '']) {
            for (const name of fs.readdirSync(store).filter((file) => file.startsWith('catalog.db')))
                fs.unlinkSync(path.join(store, name));
            if (text !== null)
                fs.writeFileSync(catalog, text);
            const {status, stdout, stderr} = run(['list', '--store', store]);
            assert.deepEqual({status, stdout}, {status: 0, stdout: whole}, stderr);
            assert.match(stderr, /^(glassbox list: [^\n]*catalog[^\n]*\n)+$/);
            assert.equal(output(['list', '--store', store]), whole);
        }
    });
    it('can only be read', {skip: process.getuid() !== 0 && 'needs root, who can be somebody else'}, () => {
        const [store, older, newer] = makeStore(4, 4);
        const files = [`${older}.db`, `${newer}.db`];
        fs.unlinkSync(path.join(store, 'catalog.db'));
        fs.chmodSync(top, 0o755);
        fs.chmodSync(store, 0o555);
        for (const file of files)
            fs.chmodSync(path.join(store, file), 0o444);
        const nobody = {uid: 65534, gid: 65534};
        const {status, stdout} = run(['list', '--store', store], nobody);
        assert.equal(status, 0);
        assert.ok(stdout.includes(older) && stdout.includes(newer));
        assert.equal(run(['export', '--format', 'summary', '--store', store], nobody).status, 0);
        const refused = run(['prune', '--keep-runs', '1', '--store', store], nobody);
        assert.deepEqual({status: refused.status, stdout: refused.stdout}, {status: 1, stdout: ''});
        assert.match(refused.stderr, /^glassbox prune: [^\n]*: Permission denied\n$/);
        assert.deepEqual(fs.readdirSync(store), files);
    });
});
