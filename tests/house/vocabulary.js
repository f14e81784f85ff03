// SPDX-License-Identifier: MIT
// The names and numbers that are written down in more than one place, read from each of them.
import fs from 'node:fs';
import path from 'node:path';

import {readText, root} from './tree.js';

export const readme = () => readText(root, 'README.md');
export const schema = (name) => JSON.parse(readText(root, `schemas/${name}.schema.json`));
export const schemaNames = () => fs.readdirSync(path.join(root, 'schemas')).map((file) => file.match(/^(.*)\.schema\.json$/)?.[1]).filter(Boolean);

/** The formats as the C code knows them. */
export const formats = () => [...readText(root, 'include/glassbox/format.h').matchAll(/^ *X\([A-Z]\w*, \d+, (\w+)\)/gm)].map((match) => match[1]);

/** The rows of the README's table whose first column is headed `heading`: arrays of cells. */
export function table(heading) {
    const lines = readme().split('\n');
    const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
    const rows = [];
    for (let i = start + 2; start !== -1 && lines[i]?.startsWith('|'); i++)
        rows.push(lines[i].split('|').slice(1, -1).map((cell) => cell.trim()));
    return rows;
}

/** What the README's table must say of a field, from its schema. */
export function describe(name, field) {
    let range = field.type;
    if (field.enum)
        range = field.enum.map((value) => `\`${value}\``).join(', ');
    else if (field.type === 'string')
        range = `string, ${field.minLength} to ${field.maxLength} bytes`;
    else if (field.maximum !== undefined)
        range = `${field.type}, ${field.minimum} to ${field.maximum}`;
    else if (field.minimum !== undefined)
        range = `${field.type}, at least ${field.minimum}`;
    return [`\`${name}\``, range, field.default === undefined ? null : `\`${field.default}\``];
}

/** The README's code blocks in a language. */
export const codeBlocks = (language) => [...readme().matchAll(new RegExp('^```' + language + '\\n([\\s\\S]*?)^```', 'gm'))].map((match) => match[1]);

/** A source file without its two lines of head, as documentation quotes it. */
export const quoted = (file) => readText(root, file).replace(/^.*SPDX.*\n/, '').replace(/^(\/\*.*\*\/|\/\/.*)\n/, '');
