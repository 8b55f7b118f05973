import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { ExplanationDto, ExplanationListDto, ExplanationQueryDto } from '@latchkey/auth-models';
import { map, type Observable } from 'rxjs';

/** Client of the `/explanations` endpoints. */
@Injectable({ providedIn: 'root' })
export class RejectionsApi {
  private readonly http = inject(HttpClient);

  get(traceId: string): Observable<ExplanationDto> {
    return this.http.get<ExplanationDto>(`/explanations/${encodeURIComponent(traceId)}`);
  }

  /** Returns the latest rejections, newest first. */
  latest(query: ExplanationQueryDto): Observable<readonly ExplanationDto[]> {
    return this.http.post<ExplanationListDto>('/explanations', query).pipe(map(({ items }) => items));
  }
}
