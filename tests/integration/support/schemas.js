// SPDX-License-Identifier: MIT
// The wire contract as validators: schemas/*.schema.json, and the schema that speedscope itself publishes.
import assert from 'node:assert/strict';
import fs from 'node:fs';

import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import AjvDraft04 from 'ajv-draft-04';

import {source} from './process.js';

const readJson = (...names) => JSON.parse(fs.readFileSync(source(...names), 'utf8'));

const contract = new Ajv2020.default({allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false, validateFormats: false});
// Those of the wire, and those of what the commands print.
for (const folder of [['schemas'], ['schemas', 'commands']])
    for (const name of fs.readdirSync(source(...folder)).filter((file) => file.endsWith('.schema.json')))
        contract.addSchema(readJson(...folder, name), name);
const published = new Ajv.default({strict: false}).compile(
    readJson('tests', 'node_modules', 'speedscope', 'dist', 'release', 'file-format-schema.json'));

function check(validate, document, what) {
    assert.ok(validate(document), `${what}: ${JSON.stringify(validate.errors?.slice(0, 5))}`);
}

/** Asserts that `document` is valid by schemas/<name>.schema.json, or schemas/commands/<name>.schema.json. */
export function checkSchema(name, document) {
    const validate = contract.getSchema(`${name}.schema.json`);
    assert.ok(validate, `there is a schema ${name}`);
    check(validate, document, name);
}

/** Whether it is: for the proof that a schema refuses. */
export const isValid = (name, document) => contract.getSchema(`${name}.schema.json`)(document);

/** Asserts that speedscope's own schema accepts the document. */
export const checkPublishedSchema = (document) => check(published, document, 'speedscope');

const sarif = new AjvDraft04.default({strict: false, validateFormats: false, unicodeRegExp: false}).compile(
    readJson('tests', 'node_modules', '@microsoft', 'jest-sarif', 'lib', 'schemas', 'sarif-2.1.0-rtm.5.json'));

/** Asserts that the schema of SARIF 2.1.0 accepts the document. */
export const checkSarif = (document) => check(sarif, document, 'SARIF');
