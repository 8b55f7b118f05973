import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { Clock } from '../common/clock.service.js';
import { NamedRepository } from '../platform/database/named.repository.js';
import { TokenTemplate } from './token-template.entity.js';

/** Queries on token templates, of which there are at most `TOKEN_TEMPLATES_MAX`. */
@Injectable()
export class TokenTemplatesRepository extends NamedRepository<TokenTemplate> {
  constructor(@InjectRepository(TokenTemplate) templates: Repository<TokenTemplate>, clock: Clock) {
    super(
      templates,
      {
        notFound: 'There is no template with this name. GET /token-templates lists all templates.',
        nameTaken: (name) => `A template named ${name} already exists. Choose another name.`,
      },
      clock,
    );
  }
}
