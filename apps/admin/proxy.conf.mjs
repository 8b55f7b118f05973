/** Server of the API that `npm run start:admin` passes requests to. */
const API = process.env.API_URL ?? 'http://127.0.0.1:3000';

/** Everything outside the console is the API, so no list of routes is needed. */
export default { '^/(?!admin/)': { target: API } };
