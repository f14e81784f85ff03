// SPDX-License-Identifier: MIT
// Names of static functions. Debuggers and profilers show only the name, so each name describes the function and is
// unique.
import {filesUnder, readText} from './tree.js';

// Where the libraries and the program are.
const clean = ['src/', 'schemas/', 'middleware/'];

// Verbs that say nothing without their object.
const bare = new Set(['add', 'allocate', 'answer', 'append', 'apply', 'begin', 'check', 'copy', 'cut', 'dispose', 'end', 'find', 'finish', 'free',
    'init', 'is', 'more', 'parse', 'proceed', 'pump', 'read', 'refuse', 'render', 'run', 'set', 'skip', 'start', 'stop', 'take', 'wait', 'work', 'write']);

const isSource = (file) => /^(src|schemas|middleware)\/.*\.(c|cc)$/.test(file);

/** The names of the static functions that a source file defines. */
export function staticNames(text) {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(/__attribute__\s*\(\(.*?\)\)/g, '');
    return [...code.matchAll(/^static\s[\w\s*]*?\b(\w+)\s*\([^;{}=]*\)\s*\{/gm)].map(([, name]) => name);
}

/** The static functions that have a bare name, or one that another source file has too: [{name, files, fault}]. */
function offenders(top) {
    const places = new Map();
    for (const file of filesUnder(top).filter(isSource))
        for (const name of staticNames(readText(top, file)))
            places.set(name, [...places.get(name) ?? [], file]);
    return [...places].filter(([name, files]) => bare.has(name) || files.length > 1).map(([name, files]) => (
        {files, fault: `${name} in ${files.join(', ')}: ${bare.has(name) ? 'does what?' : 'which one?'}`}));
}

const isClean = (file) => clean.some((room) => file.startsWith(room));

/** Every offender that a clean room has, one sentence each. */
export const staticFaults = (top) => offenders(top).filter(({files}) => files.some(isClean)).map(({fault}) => fault);

/** Those of the other rooms, which are to follow. */
export const staticFaultsLeft = (top) => offenders(top).filter(({files}) => !files.some(isClean)).map(({fault}) => fault);
