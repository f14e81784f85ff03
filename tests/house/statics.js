// SPDX-License-Identifier: MIT
// Names of static functions and of types. Debuggers and profilers show only the name, so each name describes the function and is
// unique. A type of a header is the only one with its name.
import {filesUnder, readText} from './tree.js';

// Verbs that say nothing without their object.
const bare = new Set(['add', 'allocate', 'answer', 'append', 'apply', 'begin', 'check', 'copy', 'cut', 'dispose', 'end', 'find', 'finish', 'free',
    'init', 'is', 'more', 'parse', 'proceed', 'pump', 'read', 'refuse', 'render', 'run', 'set', 'skip', 'start', 'stop', 'take', 'wait', 'work', 'write']);

const isSource = (file) => /^(src|schemas|middleware)\/.*\.(c|cc)$/.test(file);
const isCode = (file) => isSource(file) || /^(include|src|schemas|middleware)\/.*\.h$/.test(file);

/** The names of the static functions that a source file defines. */
export function staticNames(text) {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(/__attribute__\s*\(\(.*?\)\)/g, '');
    return [...code.matchAll(/^static\s[\w\s*]*?\b(\w+)\s*\([^;{}=]*\)\s*\{/gm)].map(([, name]) => name);
}

/** The names of the structs, unions and enums that a file defines by typedef. */
export function typeNames(text) {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    return [...code.matchAll(/^typedef (?:struct|union|enum)\b[^;{]*\{[\s\S]*?^\}\s*(\w+);/gm)].map(([, name]) => name);
}

/** Each name that the files have, with the files that have it. */
function placesOf(top, isWanted, namesIn) {
    const places = new Map();
    for (const file of filesUnder(top).filter(isWanted))
        for (const name of namesIn(readText(top, file)))
            places.set(name, [...places.get(name) ?? [], file]);
    return [...places];
}

/** Every static function with a bare name, or with one that another source file has too; one sentence each. */
export const staticFaults = (top) => placesOf(top, isSource, staticNames).filter(([name, files]) => bare.has(name) || files.length > 1)
    .map(([name, files]) => `${name} in ${files.join(', ')}: ${bare.has(name) ? 'does what?' : 'which one?'}`);

/** Every type that two files define under one name, where one of them is a header; one sentence each. */
export const typeFaults = (top) => placesOf(top, isCode, typeNames).filter(([, files]) => files.length > 1 && files.some((file) => file.endsWith('.h')))
    .map(([name, files]) => `${name} in ${files.join(', ')}: which one?`);
