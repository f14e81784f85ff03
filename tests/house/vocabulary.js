// SPDX-License-Identifier: MIT
// Reads the names and numbers that are stated in more than one place.
import fs from 'node:fs';
import path from 'node:path';

import {readText, root} from './tree.js';

export const schema = (name) => JSON.parse(readText(root, `schemas/${name}.schema.json`));
export const schemaNames = () => fs.readdirSync(path.join(root, 'schemas')).map((file) => file.match(/^(.*)\.schema\.json$/)?.[1]).filter(Boolean);

/** The formats as the C code knows them. */
export const formats = () => [...readText(root, 'include/glassbox/format.h').split('#define GBX_FILE_FORMATS')[0].matchAll(/^ *X\([A-Z]\w*, \d+, (\w+)\)/gm)].map((match) => match[1]);

/** What docs/api.md must say of a field in its table, from its schema. */
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
