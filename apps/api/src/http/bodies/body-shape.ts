import { METADATA_MAX_BYTES } from '@latchkey/auth-models';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { ARRAY_MAX_SIZE } from 'class-validator';
import { rulesOf } from './member-failures.js';

/** Members and array items that a class allows in a body. */
export interface BodyShape {
  /** Members of an object, by name. */
  readonly members?: ReadonlyMap<string, BodyShape>;
  /** Maximum number of items of a list. */
  readonly itemsMax?: number;
  readonly items?: BodyShape;
  /** Maximum number of members and array items of free JSON. */
  readonly freeMax?: number;
}

/** Shape of a body without members. */
export const EMPTY_SHAPE: BodyShape = {};

/** In JSON, each array item takes two bytes, and each member more. */
const METADATA_VALUES_MAX = METADATA_MAX_BYTES / 2;

type Class = ClassConstructor<object>;

/** Returns the shape of the bodies of a class, from its rules. */
export function shapeOf(dto: Class): BodyShape {
  const members = new Map<string, BodyShape>();
  for (const { propertyName, name, constraints } of rulesOf(dto)) {
    const known = members.get(propertyName);
    if (name === ARRAY_MAX_SIZE) {
      members.set(propertyName, listOf(dto, propertyName, Number(constraints?.[0])));
    } else if (name === 'isMetadata') {
      members.set(propertyName, { freeMax: METADATA_VALUES_MAX });
    } else if (!known) {
      members.set(propertyName, nestedShape(dto, propertyName) ?? EMPTY_SHAPE);
    }
  }
  return { members };
}

function listOf(dto: Class, member: string, itemsMax: number): BodyShape {
  const items = nestedShape(dto, member);
  return { itemsMax, ...(items && { items }) };
}

function nestedShape(dto: Class, member: string): BodyShape | undefined {
  // The conversion of an object reveals the class, whether the member declares it with `Nested` or with
  // `Type`.
  const converted = (plainToInstance(dto, { [member]: {} }) as Record<string, unknown>)[member];
  const type = converted instanceof Object ? (converted.constructor as Class) : Object;
  return type === Object ? undefined : shapeOf(type);
}

/** Returns a shape with a class for the items of a list that a service validates later. */
export function withItems(shape: BodyShape, member: string, type: Class): BodyShape {
  const list = { ...shape.members?.get(member), items: shapeOf(type) };
  return { ...shape, members: new Map(shape.members).set(member, list) };
}
