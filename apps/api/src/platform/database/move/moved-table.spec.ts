import { describe, expect, it } from '@jest/globals';
import Database from '#sqlite';
import {
  Check,
  Column,
  DataSource,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
} from 'typeorm';
import { movedTables, type MovedTable } from './moved-table.js';

@Entity('owners')
class Owner {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;
}

@Entity('pets')
@Check('CHK_pets_number', '"number" > 0')
class Pet {
  @PrimaryColumn('varchar', { length: 36 })
  ownerId: string;

  @PrimaryColumn('integer')
  number: number;

  @ManyToOne(() => Owner)
  @JoinColumn({ name: 'ownerId' })
  owner?: Owner;

  @Column('boolean')
  isTame: boolean;
}

@Entity('photos')
class Photo {
  @PrimaryColumn('varchar')
  id: string;

  @Column('blob')
  pixels: Buffer;
}

@Entity('visits')
class Visit {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id: number;
}

async function tablesOf(...entities: (new () => unknown)[]): Promise<MovedTable[]> {
  const source = await new DataSource({
    type: 'better-sqlite3',
    driver: Database,
    database: ':memory:',
    entities,
  }).initialize();
  try {
    return movedTables(source.entityMetadatas);
  } finally {
    await source.destroy();
  }
}

describe('movedTables', () => {
  it('lists referenced tables first, with their keys and checks', async () => {
    const tables = await tablesOf(Pet, Owner);

    expect(tables).toEqual([
      expect.objectContaining({ name: 'owners', key: [{ name: 'id', content: 'text', maxLength: 36 }] }),
      {
        name: 'pets',
        key: [
          { name: 'ownerId', content: 'text', maxLength: 36 },
          { name: 'number', content: 'integer' },
        ],
        columns: [
          { name: 'ownerId', content: 'text', maxLength: 36 },
          { name: 'number', content: 'integer' },
          { name: 'isTame', content: 'boolean' },
        ],
        checks: new Map([['CHK_pets_number', '"number" > 0']]),
      },
    ]);
  });

  it.each([
    ['an unknown type', Photo, 'photos.pixels is of a type that is not moved yet: blob'],
    [
      'numbers that the database makes',
      Visit,
      'visits.id is numbered by the database, which is not moved yet',
    ],
  ])('rejects a column with %s', async (_, entity, message) => {
    await expect(tablesOf(entity)).rejects.toThrow(message);
  });
});
