// SPDX-License-Identifier: MIT
// One captured run of the graph pipeline, by two threads, in every format.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import {FORMATS, pagePath} from './input.js';
import {program} from './process.js';

/** Runs the pipeline on a page and returns {full, summary, speedscope} as texts. */
export function oneRun(page) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-run-'));
    try {
        execFileSync(program('gbx-one-run'), [pagePath(page), directory]);
        return Object.fromEntries(FORMATS.map((format) => [format, fs.readFileSync(path.join(directory, format + '.json'), 'utf8')]));
    } finally {
        fs.rmSync(directory, {recursive: true});
    }
}
