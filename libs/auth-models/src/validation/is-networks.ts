import { buildMessage, ValidateBy } from 'class-validator';
import { formatNetwork, parseNetwork } from './networks.js';

/**
 * Values that a message may repeat. The validator would replace a name after a dollar sign, such as
 * `$property`.
 */
const REPEATABLE = /^[!-#%-~]{1,64}$/;

/** Accepts an address or a network without host bits. The message has the corrected form. */
export function IsNetworks(): PropertyDecorator {
  return ValidateBy({
    name: 'isNetwork',
    validator: {
      validate: (value) => Array.isArray(value) && value.every((one) => networkProblem(one) === undefined),
      defaultMessage: buildMessage(
        (eachPrefix, args) =>
          [args?.value]
            .flat()
            .map(networkProblem)
            .find((problem) => problem !== undefined) ?? eachPrefix,
      ),
    },
  });
}

function networkProblem(value: unknown): string | undefined {
  const network = typeof value === 'string' ? parseNetwork(value) : null;
  if (!network) {
    const problem =
      typeof value === 'string' && REPEATABLE.test(value)
        ? `$property contains ${value}, which is not an address or a network`
        : '$property must contain addresses and networks only';
    return `${problem}; send an address such as 192.0.2.17 or a network such as 192.0.2.0/24`;
  }
  const exact = parseNetwork(String(value).split('/', 1)[0] ?? '');
  return exact && network.bytes.every((byte, index) => exact.bytes[index] === byte)
    ? undefined
    : `$property contains ${String(value)}, which has bits after its prefix; send ${formatNetwork(network)}`;
}
