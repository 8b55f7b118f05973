import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { NewUserDto, type ProblemDto } from '@latchkey/auth-models';
import { plainToInstance } from 'class-transformer';
import { ARRAY_MAX_SIZE, getMetadataStorage } from 'class-validator';
import { type BodyFormat, JSON_BODY } from '../../apps/api/src/http/bodies/body-format.js';
import {
  bodyClass,
  REPRESENTATION_KEY,
  type RouteRepresentation,
} from '../../apps/api/src/http/negotiation/route-representation.js';
import { basic } from '../support/api-client.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';

type Members = Record<string, unknown>;

/** JSON routes with a body. */
interface Route {
  readonly method: string;
  readonly path: string;
  readonly dto: Type<object>;
  readonly format: BodyFormat;
}

/** Largest metadata in number of values. */
const METADATA = { a: Array.from({ length: 1_020 }, () => 1) };
/** Items that a service validates itself. */
const ITEMS: Record<string, Type<object>> = { 'POST /users/import': NewUserDto };

const server = useServer();
const asAdmin = useAdmin(server);

function jsonRoutes(): Route[] {
  const controllers = [...server.app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype as Type<object>),
  );
  return controllers.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
      const handler = (controller.prototype as Members)[name] as object;
      const dto = bodyClass(controller, name) as Type<object> | undefined;
      const stated = Reflect.getMetadata(REPRESENTATION_KEY, handler) as RouteRepresentation | undefined;
      const format = stated?.bodyAs ?? JSON_BODY;
      if (!dto || !format.mediaTypes.includes('application/json')) {
        return [];
      }
      const parts = [controller, handler].map(
        (target) => Reflect.getMetadata(PATH_METADATA, target) as string,
      );
      const path = `/${parts.join('/')}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '');
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number] as string;
      return [{ method, path, dto, format }];
    }),
  );
}

/** Returns a body with each member of a class, and with as many items in each list as the class allows. */
function fullest(dto: Type<object>, itemType?: Type<object>): Members {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const body: Members = {};
  for (const { propertyName: member } of rules) {
    const max = rules.find((rule) => rule.propertyName === member && rule.name === ARRAY_MAX_SIZE);
    const isList = Reflect.getMetadata('design:type', dto.prototype as object, member) === Array;
    const converted = (plainToInstance(dto, { [member]: {} }) as Members)[member] ?? {};
    const nested = itemType && isList ? itemType : (converted.constructor as Type<object>);
    const value =
      member === 'metadata' ? METADATA : nested === (Object as Type<object>) ? 1 : fullest(nested);
    if (isList && !max) {
      throw new Error(`${dto.name}.${member} has no @ArrayMaxSize().`);
    }
    body[member] = isList ? Array.from({ length: Number(max?.constraints?.[0]) }, () => value) : value;
  }
  return body;
}

/** Removes items until a body is as large as the route accepts. */
function fitted(body: Members, { maxBytes }: BodyFormat): Members {
  const lists = Object.values(body).filter((value): value is unknown[] => Array.isArray(value));
  while (JSON.stringify(body).length > maxBytes && lists.length > 0) {
    lists.forEach((list) => list.splice(-1));
  }
  return body;
}

describe('the fullest body of each route', () => {
  it('does not have too many values', async () => {
    const tooMany = [];
    const routes = jsonRoutes().filter(({ path }) => !path.startsWith('/operator'));
    for (const { method, path, dto, format } of routes) {
      const route = `${method} ${path}`;
      const codes = [];
      for (const extra of [0, 101]) {
        const others = Object.fromEntries(Array.from({ length: extra }, (_, index) => [`m${index}`, 1]));
        const answer = await server.client.request<ProblemDto>(method, path.replace(/:\w+/g, 'nobody'), {
          headers: path === '/auth/login' ? { authorization: basic(ADMIN.name, ADMIN.password) } : asAdmin,
          body: fitted({ ...fullest(dto, ITEMS[route]), ...others }, format),
        });
        const isTooMany = answer.body?.errors?.some(({ code }) => code === 'too_many_values') === true;
        codes.push(isTooMany ? 'too_many_values' : answer.status === 413 ? 413 : 'accepted or validated');
      }
      if (codes.join() !== 'accepted or validated,too_many_values') {
        tooMany.push([route, ...codes]);
      }
    }

    expect(tooMany).toEqual([]);
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining([
        'POST /auth/revocations/reports',
        'POST /users/import',
        'POST /tokens/bulk',
        'POST /apis',
        'POST /me/tokens',
      ]),
    );
  });
});
