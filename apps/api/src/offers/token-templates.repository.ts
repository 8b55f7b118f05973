import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type QueryDeepPartialEntity, type Repository } from 'typeorm';
import { ApplicationError } from '../common/application-error.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { TokenTemplate } from './token-template.entity.js';

/** Queries on token templates. */
@Injectable()
export class TokenTemplatesRepository {
  constructor(@InjectRepository(TokenTemplate) private readonly templates: Repository<TokenTemplate>) {}

  /** Returns all templates, of which there are at most `TOKEN_TEMPLATES_MAX`. */
  findAll(): Promise<TokenTemplate[]> {
    return this.templates.find();
  }

  /** @throws ApplicationError `not_found`. */
  async getByName(name: string, tx?: WriteTransaction): Promise<TokenTemplate> {
    const templates = tx ? tx.getRepository(TokenTemplate) : this.templates;
    const template = await templates.findOneBy({ name });
    if (!template) {
      throw new ApplicationError('not_found', {
        detail: 'There is no template with this name. GET /token-templates lists all templates.',
      });
    }
    return template;
  }

  count(tx: WriteTransaction): Promise<number> {
    return tx.count(TokenTemplate);
  }

  async insert(template: TokenTemplate, tx: WriteTransaction): Promise<void> {
    await tx.insert(TokenTemplate, template);
  }

  /** Updates a template and its version. Returns `false` if the version is stale. */
  async update(
    { name, version }: TokenTemplate,
    change: QueryDeepPartialEntity<TokenTemplate>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(
      TokenTemplate,
      { name, version },
      { ...change, version: version + 1 },
    );
    return affected === 1;
  }

  /** Deletes a template. Returns `false` if the version is stale. */
  async delete({ name, version }: TokenTemplate, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.delete(TokenTemplate, { name, version });
    return affected === 1;
  }
}
