import { validateSync, type ValidationError } from 'class-validator';
import { ApiPermissionDto } from './dto/apis/api-permission.dto.js';
import { CreateApiDto } from './dto/apis/create-api.dto.js';
import { PERMISSIONS_HEADER_MAX } from './limits.js';
import { apiOf, RESERVED_API_NAMES } from './lists/apis.js';
import { BUILT_IN_PERMISSIONS } from './lists/permissions.js';
import { firstFailedRule } from './validation/first-failed-rule.js';

/** Actions of your APIs, each with a sentence that describes it: `{ orders: { read: 'Read orders.' } }`. */
export type PermissionDefinitions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Permissions of your APIs. */
export interface DefinedPermissions<T extends PermissionDefinitions> {
  /** Names of the permissions: `names.orders.read` is `'orders:read'`. */
  readonly names: {
    readonly [A in keyof T & string]: { readonly [B in keyof T[A] & string]: `${A}:${B}` };
  };
  /** One body for `POST /apis` for each API. */
  readonly apis: CreateApiDto[];
}

/** Union of the names: `PermissionOf<typeof permissions>` is `'orders:read' | 'orders:write'`. */
export type PermissionOf<T extends { readonly names: PermissionDefinitions }> = {
  [A in keyof T['names']]: T['names'][A][keyof T['names'][A]];
}[keyof T['names']];

/**
 * Declares the permissions of your APIs in code.
 *
 * @throws TypeError if the server would reject a name or a description.
 */
export function definePermissions<const T extends PermissionDefinitions>(
  definitions: T,
): DefinedPermissions<T> {
  const apis = Object.entries(definitions).map(([name, actions]) => {
    const permissions = Object.entries(actions).map(([action, description]) =>
      Object.assign(new ApiPermissionDto(), { name: `${name}:${action}`, description }),
    );
    return Object.assign(new CreateApiDto(), { name, permissions });
  });
  apis.forEach(check);
  const names = Object.fromEntries(
    Object.entries(definitions).map(([api, actions]) => [
      api,
      Object.fromEntries(Object.keys(actions).map((action) => [action, `${api}:${action}`])),
    ]),
  );
  return { names: names as DefinedPermissions<T>['names'], apis };
}

const RESERVED = new Set([...RESERVED_API_NAMES, ...Object.keys(BUILT_IN_PERMISSIONS).map(apiOf)]);

function check(api: CreateApiDto): void {
  const [message] = validateSync(api).flatMap(messagesOf);
  if (message !== undefined) {
    throw new TypeError(`API ${api.name}: ${message}`);
  }
  const header = (api.permissions ?? []).map(({ name }) => name).join(' ');
  if (header.length > PERMISSIONS_HEADER_MAX) {
    throw new TypeError(
      `The permission names of ${api.name}, separated by spaces, have ${header.length} characters. They may have at most ${PERMISSIONS_HEADER_MAX}.`,
    );
  }
  if (RESERVED.has(api.name)) {
    throw new TypeError(`The server reserves the name ${api.name}. Choose another name for the API.`);
  }
}

/** Returns the messages about a member and its nested members. */
function messagesOf(error: ValidationError): string[] {
  const failed = firstFailedRule(error);
  const { target } = error;
  const place = target instanceof ApiPermissionDto ? `${target.name}: ` : '';
  return failed ? [place + failed.message] : (error.children ?? []).flatMap(messagesOf);
}
