// SPDX-License-Identifier: MIT
// glassbox compare: what it prints of runs with and without a planted change, of parts of them, and of what cannot be compared.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {program} from './support/process.js';
import {checkPublishedSchema, checkSchema} from './support/schemas.js';
import {failure, holdRun, makeRun, output, run} from './support/stores.js';

let top, store, calm, again, slow;

function makePairOnce(directory, args) {
    const {status, stdout, stderr} = spawnSync(program('gbx-make-pair'), [directory, ...args.map(String)], {encoding: 'utf8', timeout: 60_000});
    assert.deepEqual({status, stderr}, {status: 0, stderr: ''});
    return stdout.trim();
}

let newest = '';
/**
 * Makes a run (make_pair.c) that is newer than those before it, and returns its id: runs of one second are in no order, so
 * one that is too low is made again.
 */
function makePair(directory, ...args) {
    let id = makePairOnce(directory, args);
    for (; id <= newest; id = makePairOnce(directory, args))
        fs.unlinkSync(path.join(directory, `${id}.db`));
    run(['list', '--store', directory]); // makes the catalog, which is told once
    return (newest = id);
}

before(() => {
    top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-compare-'));
    store = path.join(top, 'store');
    calm = makePair(store, 1, 40, 100);
    again = makePair(store, 2, 40, 100);
    slow = makePair(store, 3, 40, 110);
});
after(() => fs.rmSync(top, {recursive: true}));

const compare = (...args) => output(['compare', '--store', store, ...args]);
const json = (...args) => JSON.parse(compare(...args, '--format', 'json'));
const refused = (...args) => failure(['compare', '--store', store, ...args], 1);
const misused = (...args) => failure(['compare', '--store', store, ...args], 2);
const marked = ({frames}) => frames.filter(({mark}) => mark === 'slower' || mark === 'faster');

describe('two runs of one program', () => {
    it('mark no frame', () => {
        const document = json(calm, again);
        checkSchema('compare', document);
        assert.deepEqual(marked(document), []);
        assert.deepEqual([document.slower, document.faster, document.tested], [0, 0, 7]);
        assert.match(document.verdict, /^No change is shown in 7 tested frames, where about \d+ % or more would show; /);
        assert.ok(compare(calm, again).endsWith(`\n${document.verdict}\n`));
    });
    it('are the same bytes each time', () => {
        for (const format of ['table', 'json', 'speedscope'])
            assert.equal(compare(calm, slow, '--format', format), compare(calm, slow, '--format', format));
    });
    it('are the same as themselves', () => {
        const document = json(calm, calm);
        assert.deepEqual([document.drift.ratio, marked(document)], [1, []]);
        assert.ok(document.frames.every(({p, ratio}) => (p === 1 || p === null) && ratio === 1));
    });
});

describe('a frame that takes a tenth longer', () => {
    it('is marked, and no other', () => {
        const document = json(calm, slow);
        checkSchema('compare', document);
        const [frame, ...others] = marked(document);
        assert.deepEqual(others, []);
        assert.deepEqual([frame.name, frame.file, frame.line, frame.route, frame.mark], ['db.query', 'src/db.c', 40, '/items/{id}', 'slower']);
        assert.ok(frame.ratio_without_drift > 1.08 && frame.ratio_without_drift < 1.12, frame.ratio_without_drift);
        assert.ok(frame.p < 0.01);
        assert.deepEqual([frame.before.requests, frame.before.calls], [36, 36]);
        assert.equal(document.frames[0].name, 'db.query');
    });
    it('is faster the other way round', () => {
        const document = json(slow, calm);
        assert.deepEqual(marked(document).map(({name, mark}) => [name, mark]), [['db.query', 'faster']]);
    });
    it('is marked with all that call it by total time', () => {
        const document = json(calm, slow, '--by', 'total');
        checkSchema('compare', document);
        assert.equal(document.by, 'total');
        assert.ok(marked(document).every(({name}) => name === 'db.query' || name === 'handle'));
        assert.ok(marked(document).some(({name}) => name === 'db.query'));
        assert.ok(Math.abs(document.drift.ratio - json(calm, slow).drift.ratio) < 1e-9, 'the drift is that of self times');
    });
    it('is the first row of the table', () => {
        const lines = compare('latest~2', 'latest').split('\n');
        assert.equal(lines[0], `before latest~2: run ${calm} of pair, 40 requests`);
        assert.equal(lines[1], `after  latest: run ${slow} of pair, 40 requests`);
        assert.match(lines[2], /^common drift: [+-]\d\.\d %, which is taken out of every change$/);
        const head = lines.findIndex((line) => /^FRAME +FILE +BEFORE +AFTER +DIFFERENCE +CHANGE +P +N +SHOWN +ROUTE/.test(line));
        assert.match(lines[head + 1], /^db\.query +src\/db\.c:40 +[\d.]+ µs +[\d.]+ µs +\+[\d.]+ µs +\+\d+\.\d % +<0\.0001 +36\/36 +slower +GET \/items\/\{id\}/);
        assert.equal(lines.at(-2), 'Of 7 tested frames, 1 is shown to be slower, and 0 to be faster.');
    });
    it('is told by the exit status where that is asked for', () => {
        const status = (...args) => run(['compare', '--store', store, ...args]).status;
        assert.equal(status(calm, slow), 0);
        assert.equal(status(calm, slow, '--fail-on-slower'), 3);
        assert.equal(status(slow, calm, '--fail-on-slower'), 0);
        assert.equal(status(calm, again, '--fail-on-slower', '--format', 'json'), 0);
    });
    it('is listed with as many others as --top says', () => {
        const document = json(calm, slow, '--top', '1');
        assert.deepEqual([document.frames.length, document.more, document.frames[0].name], [1, true, 'db.query']);
        assert.match(compare(calm, slow, '--top', '2'), /\nThere are \d+ more; --top says how many to list\.\n/);
    });
});

describe('names', () => {
    it('that were made from one format are one frame', () => {
        const links = json(calm, slow).frames.filter(({file}) => file === 'src/link.c');
        assert.deepEqual(links.filter(({route}) => route === '/items/{id}').map(({name, before}) => [name, before.calls]), [[links[0].name, 108]]);
    });
    it('of a stranger do not reach the terminal as they are', () => {
        const text = compare(calm, slow);
        assert.ok(text.includes('\\x1b[31mred'));
        assert.ok(!text.includes('\x1b'));
    });
});

describe('sides', () => {
    it('are traces of a run', () => {
        const document = json(`${calm}#1`, `${slow}#2`);
        checkSchema('compare', document);
        assert.deepEqual([document.before.requests, document.after.requests, document.tested], [1, 1, 0]);
        assert.equal(document.verdict, 'Nothing can be shown: no route has 8 requests on both sides.');
        assert.ok(document.frames.every(({p, mark}) => p === null && mark === 'too few'));
        const {traces} = JSON.parse(output(['list', '--store', store, slow, '--format', 'json']));
        const [one] = traces.filter(({number}) => number === 2);
        assert.deepEqual(json(`${calm}#1`, one.trace_id).frames, document.frames);
        assert.deepEqual(json(`${calm}#1`, `#${one.trace_id.slice(0, 12)}`).frames, document.frames);
    });
    it('are selections of traces', () => {
        const requests = (side) => json(side, slow).before.requests;
        assert.equal(requests('?route=/items/{id}'), 36);
        assert.equal(requests('?route=/o*'), 4);
        assert.equal(requests('?route=%2F%69tems*&method=GET'), 36);
        assert.equal(requests('latest~1?failed=on'), 4);
        assert.equal(requests('latest~1?failed=off'), 40);
        assert.equal(requests('?until=1s'), 40); // they began in 2025
        const {traces} = JSON.parse(output(['list', '--store', store, slow, '--format', 'json']));
        assert.equal(requests(`?slower-than=${traces[9].duration_ns}ns`), traces.filter(({duration_ns}) => duration_ns >= traces[9].duration_ns).length);
    });
    it('have the times of the traces that are selected, and of no others', () => {
        const times = (...sides) => json(...sides, '--top', '100').frames.filter(({route}) => route === '/items/{id}')
            .map(({name, file, before, after}) => JSON.stringify([name, file, before, after])).sort();
        const selected = times('latest~2?route=/items/{id}', 'latest?route=/items/{id}');
        assert.ok(selected.length > 5);
        assert.deepEqual(selected, times('latest~2', 'latest'));
    });
    it('say what is wrong with them', () => {
        for (const [side, message] of [
            ['?colour=red', /^'colour=red' is no field of a query: expected route, method, since, until, failed or slower-than, /],
            ['?route', /^'route' is no field/], ['?', /^'' is no field/], ['?route=/x&', /^'' is no field/],
            ['?route=', /^route takes a text/], ['?route=%0', /^route takes a text/], ['?route=%00', /^route takes a text/],
            ['?failed=1', /^failed takes on or off, not '1'$/], ['?since=1', /^since takes a duration/], ['?until=0s', /^until takes a duration/],
            ['?slower-than=1', /^slower-than takes a time/], ['?failed=on&failed=on', /^failed is given twice$/],
            [`?route=${'x'.repeat(5000)}`, /^route takes a text/], [`?method=${'x'.repeat(50)}`, /^method must not be longer/],
            ['latest#', /^expected the number of a trace/], ['#zz', /^'zz' is no trace: expected/], ['y'.repeat(100), /is too long for the name of a run$/],
        ])
            assert.match(misused(side, calm), message);
        assert.match(refused('latest#41', calm), /^run .*: there is no trace #41/);
        assert.match(refused('nothing', calm), /^no run 'nothing'/);
        assert.equal(misused(calm), "expected BEFORE and AFTER, such as 'latest~1 latest'");
        assert.equal(misused(), "expected BEFORE and AFTER, such as 'latest~1 latest'");
        assert.equal(misused(calm, ''), 'AFTER must not be empty');
        assert.equal(misused(calm, slow, again), `unexpected '${again}'`);
        assert.equal(misused(calm, slow, '--output', 'x'), '--output is for --format json and speedscope');
    });
});

describe('what cannot be compared', () => {
    it('is told in one line', async () => {
        const other = path.join(top, 'other');
        const first = makePair(other, 1, 10, 100);
        const bare = makePair(other, 1, 10, 0);
        const stranger = makePair(other, 1, 10, 100, 'another service');
        const elsewhere = makePair(other, 1, 9, 100, 'pair', '/elsewhere');
        const because = (...args) => failure(['compare', '--store', other, ...args]);
        assert.equal(because(first, bare), `${bare}: the traces have no spans, so there are no frames to compare`);
        assert.equal(because(first, stranger), `runs of different services: ${first} is of 'pair', ${stranger} of 'another service'`);
        assert.equal(because(first, elsewhere), 'there is no route that both sides have: before, most requests are GET /items/{id}, after GET /elsewhere');
        const empty = await holdRun(other, 0);
        const reason = because(empty.id, first);
        await empty.close();
        assert.equal(reason, `${empty.id}: run ${empty.id} has no traces`);
        assert.equal(because(`${first}?route=/none`, first), `${first}?route=/none: run ${first} has no such traces`);
        assert.match(because('latest', 'latest', '--store', path.join(top, 'none')), /^there is no store/);
    });
    it('is what has too few requests', () => {
        const few = path.join(top, 'few');
        const ids = [makePair(few, 1, 7, 100), makePair(few, 2, 7, 200)];
        assert.match(output(['compare', '--store', few, ...ids]), /\nNothing can be shown: no route has 8 requests on both sides\.\n$/);
    });
    it('is a damaged run, which is named', () => {
        const damaged = path.join(top, 'damaged');
        const first = makePair(damaged, 1, 10, 100), second = makePair(damaged, 2, 10, 100);
        fs.truncateSync(path.join(damaged, `${second}.db`), 3000);
        assert.match(failure(['compare', '--store', damaged, first, second]), new RegExp(`^run ${second}: `));
    });
});

describe('a file for speedscope', () => {
    const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
    it('has four profiles, with the mean time a request', () => {
        const document = JSON.parse(compare(calm, slow, '--format', 'speedscope'));
        checkPublishedSchema(document);
        assert.equal(document.name, `${calm} to ${slow}`);
        assert.deepEqual(document.profiles.map(({name}) => name.split(':')[0]), ['before', 'after', 'slower', 'faster']);
        for (const {samples, weights, startValue, endValue, unit, type} of document.profiles) {
            assert.deepEqual([samples.length, startValue, endValue, unit, type], [weights.length, 0, sum(weights), 'nanoseconds', 'sampled']);
            assert.ok(weights.every((weight) => Number.isInteger(weight) && weight >= 0));
            assert.ok(samples.every((stack) => stack.every((frame) => frame < document.shared.frames.length)));
        }
        const name = (frame) => document.shared.frames[frame].name;
        const {routes} = json(calm, slow);
        const total = sum(routes.map(({before}) => before.total_ns / before.requests));
        assert.ok(Math.abs(document.profiles[0].endValue - total) < 100, `${document.profiles[0].endValue} for ${total}`);
        const {samples, weights} = document.profiles[2];
        const largest = samples[weights.indexOf(Math.max(...weights))].map(name);
        assert.deepEqual(largest.slice(1), ['handle', 'db.query']);
    });
    it('is written to a file, which appears whole', () => {
        const file = path.join(top, 'diff.speedscope.json');
        assert.equal(compare(calm, slow, '--format', 'speedscope', '--output', file), '');
        assert.equal(fs.readFileSync(file, 'utf8'), compare(calm, slow, '--format', 'speedscope'));
        assert.match(refused(calm, slow, '--format', 'json', '--output', path.join(top, 'none', 'x')), /No such file/);
    });
    it('is valid where nothing differs', () => {
        const document = JSON.parse(compare(calm, calm, '--format', 'speedscope'));
        checkPublishedSchema(document);
        assert.deepEqual(document.profiles.slice(2).map(({weights}) => weights), [[0], [0]]);
    });
});

describe('runs of known traces', () => {
    it('differ in nothing, and have frames on several threads', () => {
        const known = path.join(top, 'known');
        const first = makeRun(known, 40), second = makeRun(known, 40, first);
        const document = JSON.parse(output(['compare', '--store', known, first, second, '--format', 'json']));
        checkSchema('compare', document);
        assert.deepEqual(marked(document), []);
        assert.ok(document.frames.some(({name}) => name === 'render'));
        assert.deepEqual(document.before.requests, 40);
    });
});
