/** Functions of the WebAuthn library. Import this file dynamically: loading it takes memory and time. */
export { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
export { decodeAttestationObject, isoCBOR } from '@simplewebauthn/server/helpers';
