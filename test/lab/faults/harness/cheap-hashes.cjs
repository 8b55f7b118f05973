// Makes password hashes cheap in servers of the short run. A real one takes 17 ms of processor time, as much
// as ten requests. Cheap hashes claim the configured cost, so that the server does not replace them at a
// login, and are recognized by their salt. Others are verified at their own cost.
const argon2 = require('@node-rs/argon2');
const { randomBytes } = require('node:crypto');

const { hash, verify } = argon2;
const CHEAP = { memoryCost: 8, timeCost: 1 };
const SALT_BYTES = 16;
/** Start of each salt. A multiple of three bytes, so that it looks the same in base64. */
const MARK = Buffer.from('cheap!');
const MARK_BASE64 = MARK.toString('base64');

argon2.hash = async (password, options) => {
  const salt = Buffer.concat([MARK, randomBytes(SALT_BYTES - MARK.length)]);
  const hashed = await hash(password, { ...options, ...CHEAP, salt });
  return hashed.replace('m=8,t=1', `m=${options.memoryCost},t=${options.timeCost}`);
};

argon2.verify = (hashed, password) =>
  verify(hashed.includes(`$${MARK_BASE64}`) ? hashed.replace(/m=\d+,t=\d+/, 'm=8,t=1') : hashed, password);
