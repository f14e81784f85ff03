// SPDX-License-Identifier: MIT
// The contract as the server itself states it, and the check that an answer keeps to it: status, type, headers, body.
import assert from 'node:assert/strict';
import {gunzipSync} from 'node:zlib';

import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';

const CHECKED_BYTES_MAX = 4 << 20; // a trace of a million events would be minutes of checking
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const pointerPart = (name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
const mediaType = (header) => header?.split(';')[0].trim().toLowerCase();
const decoded = ({headers, body}) => (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
const isJson = (type) => /^application\/(\w+\+)?json$/.test(type);

/** A path as the server's handlers see it: decoded, without a query and without steps up and down. */
function normalized(path) {
    const parts = [];
    for (const part of unescape(path.split('?')[0]).split('/').slice(1)) {
        if (part === '..')
            parts.pop();
        else if (part !== '.')
            parts.push(part);
    }
    return '/' + parts.join('/');
}

// Linters refuse a path that ends in a slash, so the document describes this one together with its files.
const FOLDERS = {'/speedscope/': '/speedscope/{file}'};

/** Templates as expressions, those with the fewest parameters first. */
function patterns(paths) {
    const holes = (template) => template.split('{').length;
    return Object.keys(paths).sort((a, b) => holes(a) - holes(b)).map((template) => ({
        template,
        matches: new RegExp('^' + template.split(/\{[^}]*\}/).map(escaped).join('[^/]+') + '$'),
    }));
}

function newAjv(strictness) {
    const ajv = new Ajv2020.default({allowUnionTypes: true, strictRequired: false, ...strictness});
    addFormats.default(ajv);
    return ajv;
}

/** Both as the server gave them: its OpenAPI document, and its schemas ({name: document}). */
export class Contract {
    constructor(openapi, schemas) {
        this.openapi = openapi;
        this.patterns = patterns(openapi.paths);
        // An OpenAPI document is no schema as a whole; the schemas served on their own have to be flawless ones.
        this.ofRoutes = newAjv({strict: false, validateSchema: false}).addSchema(openapi, 'openapi');
        this.ofSchemas = newAjv({strict: true});
        for (const [name, schema] of Object.entries(schemas))
            this.ofSchemas.addSchema(schema, name);
        this.validators = new Map();
    }

    /** What is wrong with `document` by the schema served under that name; null when nothing is. */
    faultBySchema(name, document) {
        const validate = this.ofSchemas.getSchema(name);
        assert.ok(validate, `there is a schema ${name}`);
        return validate(document) ? null : JSON.stringify(validate.errors.slice(0, 5));
    }

    /** The declared path that answers a request to `path`. */
    templateOf(path) {
        const plain = normalized(path);
        return FOLDERS[plain] ?? this.patterns.find(({matches}) => matches.test(plain))?.template;
    }

    /** `value` itself, or what its $ref leads to, with the place where that stands: [value, [part, ...]]. */
    follow(value, at) {
        if (value?.$ref === undefined)
            return [value, at];
        const parts = value.$ref.slice(2).split('/');
        return this.follow(parts.reduce((inner, part) => inner[part], this.openapi), parts);
    }

    fault(at, document) {
        const reference = 'openapi#/' + at.map(pointerPart).join('/');
        if (!this.validators.has(reference))
            this.validators.set(reference, this.ofRoutes.compile({$ref: reference}));
        const validate = this.validators.get(reference);
        return validate(document) ? null : JSON.stringify(validate.errors.slice(0, 5));
    }

    /** What is declared for that status: [response, at], or null where even a problem would be a surprise. */
    declared(template, method, status) {
        const responses = this.openapi.paths[template][method].responses;
        const key = responses[status] === undefined ? 'default' : String(status);
        // The rest of the problems; a success must have been announced.
        return key === 'default' && status < 400 ? null : this.follow(responses[key], ['paths', template, method, 'responses', key]);
    }

    /** Asserts that this answer to this request is one of those that the OpenAPI document declares. */
    check(method, path, answer) {
        const what = `${method} ${path}: ${answer.status}`;
        const template = this.templateOf(path);
        const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
        if (template === undefined || this.openapi.paths[template][asked] === undefined)
            this.checkUndeclared(template, method, answer, what);
        else
            this.checkDeclared(this.declared(template, asked, answer.status), method, answer, what);
    }

    /** An unknown path is 404, another method 405 with those that are; either says so in a problem. */
    checkUndeclared(template, method, answer, what) {
        assert.ok(answer.status >= 400, what);
        if (answer.status === 405 && template !== undefined) {
            const known = METHODS.filter((name) => this.openapi.paths[template][name]).map((name) => name.toUpperCase());
            const allowed = answer.headers.allow.split(', ').filter((name) => name !== 'HEAD');
            assert.deepEqual(allowed, known, `${what}: Allow`);
        }
        this.checkBody({'application/problem+json': {}}, ['components', 'responses', 'failure', 'content'], method, answer, what);
    }

    checkDeclared(found, method, answer, what) {
        assert.ok(found, `${what} is not declared`);
        const [response, at] = found;
        for (const name of Object.keys(response.headers ?? {}))
            this.checkHeader(response.headers[name], [...at, 'headers', name], answer.headers[name.toLowerCase()], `${what}: ${name}`);
        this.checkBody(response.content, [...at, 'content'], method, answer, what);
    }

    checkHeader(header, at, value, what) {
        const [{required, schema}, place] = this.follow(header, at);
        if (value === undefined)
            assert.ok(!required, `${what} is missing`);
        else if (schema)
            assert.equal(this.fault([...place, 'schema'], value), null, what);
    }

    checkBody(content, at, method, answer, what) {
        const type = mediaType(answer.headers['content-type']);
        if (content === undefined) {
            assert.equal(answer.body.length, 0, `${what} has a body`);
            return;
        }
        assert.ok(Object.hasOwn(content, type), `${what} as ${type} is not declared`);
        if (method === 'HEAD')
            assert.equal(answer.body.length, 0, `${what} has a body`);
        else if (isJson(type) && answer.body.length <= CHECKED_BYTES_MAX)
            assert.equal(this.fault([...at, type, 'schema'], JSON.parse(decoded(answer))), null, `${what}: ${answer.text().slice(0, 300)}`);
    }
}

/** Asks the server for its contract; `get` is the client's, handed in so that the client can use this. */
export async function askForContract(get, server) {
    const openapi = (await get(server, '/openapi.json')).json();
    const {schemas} = (await get(server, '/schemas')).json();
    const documents = {};
    for (const {name, path} of schemas)
        documents[name] = (await get(server, path)).json();
    return new Contract(openapi, documents);
}
