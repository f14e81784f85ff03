// SPDX-License-Identifier: MIT
// Generates one client from the OpenAPI document in openapi.json: node generate.js GENERATOR URL-OF-SERVER. It is a
// process of its own so that a generator that never ends can be stopped.
import path from 'node:path';

const input = path.resolve('openapi.json');

/** Each takes the folder for its files and the server's URL. Packages that are not asked for are not loaded. */
const generators = {
    async orval(folder, url) {
        const {generate} = await import('orval');
        const output = (client) => ({client, mode: 'single', baseUrl: client === 'fetch' ? url : undefined, target: path.join(folder, `${client}.ts`)});
        for (const client of ['zod', 'fetch'])
            await generate({input: {target: input}, output: output(client)}, process.cwd());
    },
    async swagger(folder) {
        const {generateApi} = await import('swagger-typescript-api');
        await generateApi({input, output: folder, fileName: 'api.ts', name: 'api.ts', silent: true});
    },
    async kubb(folder) {
        const {build} = await import('@kubb/core');
        const {pluginOas} = await import('@kubb/plugin-oas');
        const {pluginTs} = await import('@kubb/plugin-ts');
        const {pluginClient} = await import('@kubb/plugin-client');
        const {pluginZod} = await import('@kubb/plugin-zod');
        const client = {client: 'fetch', dataReturnType: 'full', paramsType: 'object', pathParamsType: 'object'};
        const plugins = [pluginOas({validate: false, generators: []}), pluginTs(), pluginZod({version: '4'}), pluginClient(client)];
        const {error} = await build({config: {root: process.cwd(), input: {path: input}, output: {path: folder, barrelType: 'named'}, plugins}});
        if (error)
            throw error;
    },
};

const [name, url] = process.argv.slice(2);
await generators[name](path.resolve(name), url);
