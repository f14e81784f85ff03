// SPDX-License-Identifier: MIT
// Shows the server's own OpenAPI document; what is tried here goes to this server and nowhere else.
window.api = window.SwaggerUIBundle({
    url: new URL('openapi.json', document.baseURI).href,
    dom_id: '#api',
    deepLinking: true,
    docExpansion: 'list',
    tryItOutEnabled: true,
    validatorUrl: null,
});
