// SPDX-License-Identifier: MIT
// The real speedscope opens what `glassbox compare --format speedscope` writes, with the profiles and weights that it has.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {program} from '../integration/support/process.js';
import {checkPublishedSchema} from '../integration/support/schemas.js';
import {output, run} from '../integration/support/stores.js';
import {startApp} from './support/app.js';

let app, store, calm, slow;
before(async () => {
    store = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-comparison-'));
    [calm, slow] = [100, 130].map((percent) => {
        const {status, stdout} = spawnSync(program('gbx-make-pair'), [store, '1', '20', String(percent)], {encoding: 'utf8', timeout: 60_000});
        assert.equal(status, 0);
        return stdout.trim();
    });
    run(['list', '--store', store]); // makes the catalog, which is told once
    app = await startApp();
});
after(async () => {
    await app?.close();
    fs.rmSync(store, {recursive: true});
});

/** What a profile of the app's own model or of ours comes to: the sum of the weights of each stack, by its names. */
function stacksOf({shared, profiles}, index) {
    const sums = {};
    const {samples, weights} = profiles[index];
    samples.forEach((stack, i) => {
        const names = stack.map((frame) => shared.frames[frame].name).join(';');
        if (weights[i] > 0)
            sums[names] = (sums[names] ?? 0) + weights[i];
    });
    return sums;
}

/** The same of an evented profile, as the app exports every one. */
function eventedStacksOf({shared, profiles}, index) {
    const sums = {};
    const stack = [];
    let at = 0;
    for (const event of profiles[index].events) {
        const names = stack.map((frame) => shared.frames[frame].name).join(';');
        if (event.at > at && names !== '')
            sums[names] = (sums[names] ?? 0) + event.at - at;
        at = event.at;
        if (event.type === 'O')
            stack.push(event.frame);
        else
            assert.equal(stack.pop(), event.frame);
    }
    return sums;
}

async function check(before, after) {
    const text = output(['compare', '--store', store, before, after, '--format', 'speedscope']);
    const document = JSON.parse(text);
    checkPublishedSchema(document);
    const view = await app.open(text, 'comparison');
    try {
        const model = await view.model();
        assert.deepEqual(model.profiles.map(({name, unit}) => [name, unit]), document.profiles.map(({name, unit}) => [name, unit]));
        for (let i = 0; i < document.profiles.length; i++)
            assert.deepEqual(model.profiles[i].type === 'sampled' ? stacksOf(model, i) : eventedStacksOf(model, i), stacksOf(document, i));
        view.checkCalm();
        assert.ok((await view.title()).startsWith(`${before} to ${after}`));
        return {document, symbols: await view.symbols()};
    } finally {
        await view.close();
    }
}

describe('a comparison in speedscope', () => {
    it('is before, after, slower and faster', async () => {
        const {document, symbols} = await check(calm, slow);
        assert.ok(symbols.has('db.query') && symbols.has('GET /items/{id}'), [...symbols].join());
        assert.deepEqual(Object.keys(stacksOf(document, 2)).filter((names) => names.startsWith('GET /items')), ['GET /items/{id};handle;db.query']);
    });
    it('opens where nothing differs', async () => {
        await check(calm, calm);
    });
});
