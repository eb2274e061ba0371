// @generated from the description of the interface by `make page-types`; not written by hand.

export interface paths {
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says that the server is up. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every field with its type, its operators, and what its values look like. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SchemaAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /**
         * Add fields. A field that no profile has a value of may get another type; otherwise that is a conflict.
         * @description A field with `computed` is made from events or other fields and written by nobody; `null` there ends it. Plain fields
         *     of a request are added before computed ones are looked at.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SchemaRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SchemaAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schema/enrichment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ready-made sets of computed fields, with their formulas. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TemplateList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /**
         * Declare a ready-made set of computed fields, and the types and properties of events that it needs.
         * @description Fields that are declared already get the definition of the set; borders of bands are taken from the population.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TemplateRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SchemaAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the rebuild is that is under way. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RebuildProgress"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        /** End the rebuild that is under way: nothing is changed by it then. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RebuildProgress"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/fields/{name}/distribution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Percentiles, a histogram and the most frequent values of a field.
         * @description Exact, of everybody or of those whom a rule, a segment or an audience selects. Counts and values only, no profile is shown.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DistributionRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DistributionAnswer"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Insert or change profiles: NDJSON, CSV, Parquet or Arrow IPC by `Content-Type`, one profile a row.
         * @description The report accounts for every row: rows = inserted + updated + unchanged + rejected_total + duplicates_total.
         *     A body that cannot be read to its end changes nothing; with `dry_run` nothing is changed in any case, and the report is
         *     the one that the import would have.
         */
        post: {
            parameters: {
                query?: {
                    /** @description The column of the external id; what earlier imports called it, or `id`, when left out. */
                    id_field?: string;
                    /** @description `infer`: columns that the schema does not know become fields. Always so while the schema is empty. */
                    schema?: string;
                    /** @description `replace` (a row is the whole profile; the default) or `merge` (a row keeps the fields it does not name). */
                    mode?: string;
                    /**
                     * @description How rows are laid if there are no profiles yet: `clustered` (alike ones side by side, which is faster to ask; the
                     *     default) or `arrival` (as they come).
                     */
                    row_order?: string;
                    /** @description `durable` (answered once the profiles survive a power cut; the default) or `buffered` (up to a second earlier). */
                    durability?: string;
                    /** @description `true`: nothing is changed, and the report says what would be. */
                    dry_run?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/vnd.apache.arrow.stream": number[];
                    "application/vnd.apache.parquet": number[];
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportReport"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make all computed fields anew, as of now.
         * @description They are kept up to date with every event and every profile anyway: this changes what time alone changes, and answers
         *     when it is done. `GET /api/rebuild` says how far it is, `DELETE /api/rebuild` ends it, and then nothing has changed.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RebuildAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Profiles in a stable order, page by page. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Members"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One profile, and the segments it is in. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProfileAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Erase a profile: its columns, indexes, lists and mentions. The receipt says what was cleared.
         * @description When the answer comes nobody is shown it any more, pages begun before included, and texts that nobody else has are
         *     out of the dictionaries. Its row is never given to anybody again, so no saved set of rows can come to mean somebody
         *     else. On disk it may be in the places that the receipt names until the instant that it names, and so long older states
         *     are kept for pages that were begun; `GET /api/erasures` says when that is over.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErasureReceipt"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        options?: never;
        head?: never;
        /** Change fields of one profile; `null` takes a value away, fields that are left out stay. */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ProfilePatch"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PatchAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        trace?: never;
    };
    "/api/profiles/{id}/everything": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is known about one person. For admins; the audit says who has asked. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EverythingAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell what people did: one event, `{"events": [...]}`, or NDJSON.
         * @description An event counts once however often it is sent: the first with its `event_id` counts, whatever the others say, as long
         *     as its person is there. Rows = accepted + duplicates + rejected_total. Events of the future are taken and count from
         *     their time on; events older than their type is kept are rejected. Types and properties that are new are added.
         */
        post: {
            parameters: {
                query?: {
                    /** @description What becomes of events of people whom nobody knows: `create` makes profiles (the default), `reject` refuses them. */
                    unknown?: string;
                    /** @description `durable` (answered once the events survive a power cut; the default) or `buffered` (up to a second earlier). */
                    durability?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["EventsRequest"];
                    "application/x-ndjson": string;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventReport"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Types and properties of events, with how many events of each type there are. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventSchemaAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /** Declare types of events, for how many days each is kept, and properties with their types. Nothing is taken away. */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["EventSchemaRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventSchemaAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One person's events, the newest first, those of the future included.
         * @description Ids of events are not among it: of these a digest is kept.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Of this type only. */
                    type?: string;
                    /** @description Events on the page, 1 to 10,000; 100 when left out. */
                    limit?: number;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventPage"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring in a file of events: NDJSON, CSV, Parquet or Arrow IPC by `Content-Type`, one event a row.
         * @description Columns are `event_id`, `profile_id`, `type`, `time` and `amount`; every other is a property, whose type is that of the
         *     schema or the one that holds all its values. An NDJSON line may have its properties under `properties`. What becomes of
         *     each event is as at `POST /api/events`, and rows = accepted + duplicates + rejected_total. All events are seen at
         *     once; a body that cannot be read to its end changes nothing, and neither does a `dry_run`.
         */
        post: {
            parameters: {
                query?: {
                    /** @description The column of the profile's external id; `profile_id` when left out. */
                    id_field?: string;
                    /** @description What becomes of events of people whom nobody knows: `create` makes profiles (the default), `reject` refuses them. */
                    unknown?: string;
                    /** @description `durable` (answered once the events survive a power cut; the default) or `buffered` (up to a second earlier). */
                    durability?: string;
                    /** @description `true`: nothing is changed, and the report says what would be. */
                    dry_run?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/vnd.apache.arrow.stream": number[];
                    "application/vnd.apache.parquet": number[];
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventReport"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Count a rule without saving it.
         * @description Exact, with a sample of members; `"explain": true` adds what every node of the rule matches, how many profiles have
         *     no value for it, and what the count would be without it; `"written": true` adds the rule in both its forms.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PreviewRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PreviewAnswer"];
                    };
                };
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/new": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A segment to start from. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewSegmentAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All segments with their current sizes, those of archived ones only when asked for. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Words that name, description, owner or a tag contain, in any case. */
                    q?: string;
                    /** @description A tag they have. */
                    tag?: string;
                    /** @description `draft`, `active`, `archived`, some of them with commas between, or `all`; all but archived when left out. */
                    status?: string;
                    /** @description `id` (the default), `name`, `updated`, `created` or `count`; with `-` before it the other way round. */
                    sort?: string;
                    /** @description `false` leaves sizes out; they are told when it is left out. */
                    counts?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /**
         * Save a segment.
         * @description A static one holds `customers`, or the people of `from_list`, `from_segment` or `from_audience` as these are now.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SegmentRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One segment with its current size. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /**
         * Save a segment anew. Keys that are left out are as in a new one, but for its name and what it holds, which stay.
         * @description A change that moves more than a fifth of the members, and 1,000 people, has to be confirmed.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                    /**
                     * @description The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
                     *     with 412. Left out, or `*`: it is made in any case.
                     */
                    "If-Match"?: string | null;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SegmentRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        /** Delete a segment that nothing refers to; otherwise the answer lists who does. */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                    /**
                     * @description The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
                     *     with 412. Left out, or `*`: it is made in any case.
                     */
                    "If-Match"?: string | null;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        options?: never;
        head?: never;
        /** Change some attributes of a segment. Keys that are left out stay; `null` takes a value away. */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                    /**
                     * @description The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
                     *     with 412. Left out, or `*`: it is made in any case.
                     */
                    "If-Match"?: string | null;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SegmentRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        trace?: never;
    };
    "/api/segments/{id}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a segment's current size. A look-alike segment is trained anew, and its threshold chosen again, as a new
         *     version; all others are always current: there is nothing to wait for.
         */
        post: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                    /**
                     * @description The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
                     *     with 412. Left out, or `*`: it is made in any case.
                     */
                    "If-Match"?: string | null;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is in a segment, in a stable order, page by page. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Members"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /**
         * Put people into a static segment, and take others out.
         * @description Those who are in already, or not in to begin with, change nothing; the report accounts for every id.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                    /**
                     * @description The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
                     *     with 412. Left out, or `*`: it is made in any case.
                     */
                    "If-Match"?: string | null;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MemberChangesRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MemberChangesAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ready-made segments, and which fields and events each needs that are not there. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentTemplateList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/templates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Save a ready-made segment, under its own name or another one. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SegmentTemplateRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who entered and left a segment, in order.
         * @description Begin with `next` of any page, then read the members, then follow from that `next` on: nobody is missed, and whoever
         *     entered meanwhile is told once more. A 410 says that some of it is no longer kept: begin anew. Profiles are named by
         *     id only.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before; everything that is kept when left out. */
                    since?: string;
                    /** @description Entries on the page, 1 to 1,000; 100 when left out. */
                    limit?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Changes"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/changes/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same as server-sent events, as it happens.
         * @description Each `change` has its number as its id, so that a client that comes back with `Last-Event-ID` misses nothing. A
         *     client that is too slow, or comes back too late, hears `gone` and is let go; a server that stops says `end`, and so it
         *     does when the key is revoked or the session ends.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before; everything that is kept when left out. */
                    since?: string;
                    /** @description Entries on the page, 1 to 1,000; 100 when left out. */
                    limit?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a segment's size went.
         * @description An hour or a day in which nobody entered or left has no point: the size is that of the point before. The first point
         *     may lie before `from`: it says the size at `from`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The first instant, RFC 3339; everything that is kept when left out. */
                    from?: string;
                    /** @description The last instant, RFC 3339; now when left out. */
                    to?: string;
                    /** @description `hour` or `day`; when left out hours as far back as they are kept, else days. */
                    resolution?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SizeHistory"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a segment's size will go if nothing is written: exact, day by day. */
        get: {
            parameters: {
                query?: {
                    /** @description Days, 1 to 366; 30 when left out. */
                    days?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Forecast"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All webhooks. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /**
         * Have another server told who enters and leaves.
         * @description Messages are signed after the Standard Webhooks convention with the secret of this answer, which is shown only once.
         *     They go to public https addresses only, in order, until they are taken; a receiver that takes none is switched off.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WebhookRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One webhook, with its last attempts. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        /** Delete a webhook. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        options?: never;
        head?: never;
        /** Change a webhook, or switch it on again. Keys that are left out keep what they were. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WebhookRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        trace?: never;
    };
    "/api/segments/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Why a person is in a rule that need not be saved, or is not.
         * @description Every test with the person's value and what it says, the fewest tests that would have to turn for the verdict to be
         *     another one, and when time alone turns it.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExplainRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExplainedPersonAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/explain/{profile}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why a person is in a segment, or is not.
         * @description Rules of nested segments stand at `criteria` of the test that names them.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                    profile: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExplainedPersonAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/{id}/explain/{profile}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which source let a person into an audience, and which gate took them out. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: number;
                    profile: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExplainedMemberAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What another content of a segment would move, without saving it.
         * @description Who would come in and who would go out, and how the segments and audiences change that refer to it: all of one version
         *     at one instant.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DiffRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DiffAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/lint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a rule says in vain.
         * @description Tests that change nothing, contradict each other or repeat what another says, rules that select nobody or everybody,
         *     and saved segments with the same people, or with all of them or a part. Every finding with the counts that prove it and
         *     a rule that says less.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LintRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LintAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/segments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How segments do.
         * @description Of every segment that is not archived: its size, its share of all people, how many entered and left in the last days,
         *     and how much larger it is than before them. Days are those of the calendar in UTC; what happened in the last moment may
         *     still be missing from them. With `since` also how many entered and left from then on.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Days, 1 to 366; 30 when left out. */
                    days?: string;
                    /**
                     * @description An instant of the last 60 days, RFC 3339, such as the midnight where somebody is: `entered_since` and `left_since`
                     *     count from the hour in UTC in which it is.
                     */
                    since?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentAnalytics"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/population": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many people there are.
         * @description The days in which some came or were erased; what happened in the last moment may still be missing from them.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Days, 1 to 366; 30 when left out. */
                    days?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PopulationAnalytics"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/from-text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Turn a question in everyday English into a rule. Nothing is saved, and nothing is guessed.
         * @description "People who haven't visited in 5 months but spent more than 5000 rupees": words are compared with the names of fields and
         *     the values that people have. What is not understood, or could mean two fields, is told and left out: look at `parts`
         *     before using the rule.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PromptRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PromptAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/lookalike/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look for people who are like those of a segment, without saving anything.
         * @description Which traits count and how much, how well the model finds people of the source that were kept out of a training, and
         *     how many people it reaches at which similarity.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LookalikeRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LookalikePreviewAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/reach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * How many people a rule selects as one of its thresholds moves.
         * @description For a test by >, >=, <, <=, between or a window of days; exact at every point.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReachRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReachAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/relax": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Which thresholds of a rule to loosen, and how far, to select so many people.
         * @description By one threshold alone, the least move first, and by several. Moves are compared by the share of all profiles whose
         *     values lie between the old threshold and the new.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RelaxRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RelaxAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/overlap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * How many people are in exactly which of up to 12 sets.
         * @description Every combination that somebody is in, with the size of each set, of each pair, and of those who are in one set only.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OverlapRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OverlapAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/overlap/matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many people each pair of up to 200 sets shares, and how similar they are. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OverlapRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MatrixAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Evaluate an audience without saving it.
         * @description The breakdown always adds up: base - excluded_total = count.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AudienceRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AudiencePreviewAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All audiences with their current sizes, those of archived ones only when asked for. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Words that name, description, owner or a tag contain, in any case. */
                    q?: string;
                    /** @description A tag they have. */
                    tag?: string;
                    /** @description `draft`, `active`, `archived`, some of them with commas between, or `all`; all but archived when left out. */
                    status?: string;
                    /** @description `id` (the default), `name`, `updated`, `created` or `count`; with `-` before it the other way round. */
                    sort?: string;
                    /** @description `false` leaves sizes out; they are told when it is left out. */
                    counts?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AudienceList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /** Save an audience. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AudienceRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AudienceAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One audience with its current size and breakdown. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AudienceAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /**
         * Save an audience anew. Keys that are left out are as in a new one, but for its name.
         * @description Who is in it stays when no key says anything of it.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                    /**
                     * @description The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
                     *     with 412. Left out, or `*`: it is made in any case.
                     */
                    "If-Match"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AudienceRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AudienceAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        /** Delete an audience; its lists stay. One that is in an exclusion group has to be taken out of there first. */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                    /**
                     * @description The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
                     *     with 412. Left out, or `*`: it is made in any case.
                     */
                    "If-Match"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Change some of an audience. Keys that are left out stay; `null` takes a value away.
         * @description An audience whose last source goes that way comes to mean everybody, so `confirm_everyone` must be `true` then.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                    /**
                     * @description The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
                     *     with 412. Left out, or `*`: it is made in any case.
                     */
                    "If-Match"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AudienceRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AudienceAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        trace?: never;
    };
    "/api/audiences/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is in an audience, in a stable order, page by page. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Members"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/{id}/import-csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import a CSV of ids as a list and attach it to one side of an audience. */
        post: {
            parameters: {
                query?: {
                    /** @description What the list is called. */
                    name?: string;
                    /** @description The column that holds the ids, when it is neither `customer_id` nor `id`. */
                    id_field?: string;
                    /** @description `include` or `exclude`; only where the list is attached to an audience. */
                    side?: string;
                    /** @description `true`: the list is kept out of every audience, as a suppression of the same name. */
                    suppression?: string;
                    /** @description Of a suppression: the instant from which on it holds for nobody. */
                    expires_at?: string;
                    /** @description Of a suppression: days that it holds. */
                    keep_days?: string;
                    /** @description `durable` (answered once the list survives a power cut; the default) or `buffered` (up to a second earlier). */
                    durability?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "text/csv": string;
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ListAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/{id}/excluded": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who was taken out of an audience, each person with the first exclusion or gate that takes them. */
        get: {
            parameters: {
                query?: {
                    /**
                     * @description A reason of the breakdown's waterfall, such as `suppression:3`, or all of a kind: `suppression`; everybody when
                     *     left out.
                     */
                    reason?: string;
                    /** @description `json` (pages; the default) or `csv` (everybody at once: id, reason, name). */
                    format?: string;
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExcludedPeople"];
                        "text/csv": string;
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All lists. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ListList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /**
         * Import a CSV of ids as a list.
         * @description Ids that no profile has are kept: people who arrive later are in the list.
         */
        post: {
            parameters: {
                query?: {
                    /** @description What the list is called. */
                    name?: string;
                    /** @description The column that holds the ids, when it is neither `customer_id` nor `id`. */
                    id_field?: string;
                    /** @description `include` or `exclude`; only where the list is attached to an audience. */
                    side?: string;
                    /** @description `true`: the list is kept out of every audience, as a suppression of the same name. */
                    suppression?: string;
                    /** @description Of a suppression: the instant from which on it holds for nobody. */
                    expires_at?: string;
                    /** @description Of a suppression: days that it holds. */
                    keep_days?: string;
                    /** @description `durable` (answered once the list survives a power cut; the default) or `buffered` (up to a second earlier). */
                    durability?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "text/csv": string;
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ListAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lists/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One list with its report as of now. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ListAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /** Keep a list out of every audience as a suppression, or no longer. */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ListAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        /** Delete a list that no audience names. */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/suppressions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All suppressions with their sizes at an instant. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SuppressionList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /**
         * Keep a suppression: it holds for every audience, without being named.
         * @description With `keep_days` each person is on it for so many days from when they were added, to the microsecond:
         *     `added <= now <= added + keep_days * 86,400 s`. From `expires_at` on it holds for nobody.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SuppressionRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SuppressionAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/suppressions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One suppression with its size at an instant. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SuppressionAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        /** End a suppression. Its list, if it has one, stays. */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/suppressions/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put people on a suppression, with the time from which `keep_days` count.
         * @description Ids that no profile has wait until somebody has them.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SuppressionMembersRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NotedAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All channels. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChannelList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who consents to a channel, and how often people may be contacted by it. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChannelAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /**
         * Say who consents to a channel, and how often people may be contacted by it.
         * @description `consent` is a rule over fields. With a `purpose`, what somebody said last about it goes before the rule, and whoever
         *     said nothing and is not selected by a rule does not consent. Without either everybody does. A cap takes out whoever had that many contacts in
         *     the last so many days: a contact at `t` counts while `now - days * 86,400 s <= t <= now`.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ChannelRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChannelAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note that people were contacted: these ids, or the members of a snapshot.
         * @description Times are kept in whole seconds; the same person in the same second is one contact, so sending it again changes
         *     nothing. Ids that no profile has are reported and not kept.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ContactsRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NotedAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/control-group": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The control group of the tenant: a slice of people who are in no audience. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ControlGroupAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /** Set the control group of the tenant, or give it up with `null`. */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ControlGroupRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ControlGroupAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles/{id}/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What one person said about being contacted, by channel and purpose, the newest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConsentList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /** Note what one person said about being contacted. */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConsentRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConsentList"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note the same thing that many people said about being contacted.
         * @description `time` is kept in whole seconds; said again in the same second it is one. Of a grant and a withdrawal in one second the
         *     withdrawal counts. Ids that no profile has are reported and not kept.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConsentsRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NotedAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consents/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring in a CSV of what people said about being contacted, one line each.
         * @description Columns are `id` (or `customer_id`), `channel`, `purpose`, `state` (`granted` or `withdrawn`), `source`, and `time`, an
         *     instant; a line without one was said now. Others are ignored. All lines take effect at once, and
         *     rows = noted + repeated + duplicates + unknown + rejected_total.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "text/csv": string;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConsentReport"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/exclusion-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All groups. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExclusionGroupList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /**
         * Save a group of audiences that shut each other out, the first one first.
         * @description An audience may be in several groups, as long as none comes to go before itself.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExclusionGroupRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExclusionGroupAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/exclusion-groups/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One group. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExclusionGroupAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /** Save a group anew. */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExclusionGroupRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ExclusionGroupAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        /** Give up a group; its audiences stay. */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/{id}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Freeze an audience.
         * @description The snapshot never changes, except that a person who is erased is no longer in it. The digest is the SHA-256 of the
         *     members' rows in the portable roaring format: the same definition at the same data version and instant has the same.
         *     Sent without a body the present instant is meant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["SnapshotRequest"] | null;
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SnapshotAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/snapshots/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Freeze many audiences in one pass, all at one data version and one instant: either all are frozen, or none. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BatchRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BatchAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All snapshots, without their breakdowns. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SnapshotList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/snapshots/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One snapshot: what was frozen, how it came about, and by which rules. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SnapshotAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        /** Delete a snapshot. Its file loses it with the next checkpoint. */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/snapshots/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who was in, in a stable order, page by page, with the values they have now. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Members"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/snapshots/{id}/diff/{other}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Compare two snapshots: who entered, who left, who stayed. People erased since are in neither. */
        get: {
            parameters: {
                query?: {
                    /** @description Members of either side to show, 0 to 1,000; 10 when left out. */
                    sample?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    /** @description The earlier one */
                    id: number;
                    /** @description The later one */
                    other: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SnapshotDifferenceAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/snapshots/{id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Evaluate the frozen definition once more and compare.
         * @description That is possible as long as no profile has changed since; otherwise the answer says that the data have moved on.
         *     Whether the stored members still are those whose digest was taken is looked at as long as none of them was erased.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VerificationAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/snapshots/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export the members with the values that they have now. */
        get: {
            parameters: {
                query?: {
                    /** @description `csv`, `ndjson` or `parquet`; otherwise what the `Accept` header asks for, and CSV when it takes anything. */
                    format?: string;
                    /** @description Names of fields with commas between them, in this order behind the id; all fields when left out, none when empty. */
                    fields?: string;
                    /**
                     * @description Of CSV: `quote` (a text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front,
                     *     so that no spreadsheet takes it for a formula; the default) or `keep`. Numbers, times and sets are never touched.
                     */
                    formulas?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                        "application/x-ndjson": string;
                        "application/vnd.apache.parquet": number[];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                406: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Receipts of erasures: when memory was cleared, and when the disk was.
         * @description A receipt names nobody; whoever erased a person was told its number.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErasureList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write what the data directory holds in the form from which a start takes a moment, and drop the log before.
         * @description The server does this by itself when the log is long, and in time after erasures. Others read and write meanwhile.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CheckpointAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a backup in the place that the server was started with (`--backup-dir`).
         * @description Everything that was acknowledged before is in it; others read and write meanwhile. It is answered when the backup is
         *     whole and compared with its checksums. `muster restore` brings it back.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BackupAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/used-by": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who refers to a segment, directly or through other segments. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsedByAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lists/{id}/used-by": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which audiences name a list. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsedByAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions of a segment that are kept, the newest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VersionList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A version of a segment as it was saved. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    version: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VersionAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/versions/{version}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who would be in a segment if it still were what a version says, page by page. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                    version: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Members"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/versions/{version}/diff/{other}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What tells one version of a segment from another, and who comes and goes. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                    version: number;
                    other: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DifferenceAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/{id}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an earlier version of a segment the current one, as a new version. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                    /**
                     * @description The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
                     *     with 412. Left out, or `*`: it is made in any case.
                     */
                    "If-Match"?: string | null;
                };
                path: {
                    id: string;
                    version: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RestoreRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions of an audience that are kept, the newest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VersionList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/{id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A version of an audience as it was saved. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    version: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VersionAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/{id}/versions/{version}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who would be in an audience if it still were what a version says, page by page. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: number;
                    version: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Members"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/{id}/versions/{version}/diff/{other}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What tells one version of an audience from another, and who comes and goes. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: number;
                    version: number;
                    other: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DifferenceAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audiences/{id}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an earlier version of an audience the current one, as a new version. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                    /**
                     * @description The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
                     *     with 412. Left out, or `*`: it is made in any case.
                     */
                    "If-Match"?: string | null;
                };
                path: {
                    id: number;
                    version: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RestoreRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AudienceAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything at a glance.
         * @description Exact sizes of all segments and audiences that are not archived, at one version of the data and one instant, and the
         *     newest changes.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DashboardAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures of this process in Prometheus' text format. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings/personal-fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which fields are personal. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PersonalFields"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /** Say which fields are personal, all of them; fields that are still to come may be named. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PersonalFields"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PersonalFields"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I, and what may I? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionAnswer"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /**
         * Sign in.
         * @description The answer sets a cookie that signs the browser in. After some wrong passwords the next one has to wait.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SignInRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /** Sign out, here or everywhere. */
        delete: {
            parameters: {
                query?: {
                    /** @description `true`: all sessions of the person, not only this one. */
                    everywhere?: string;
                    /** @description Must be the own tenant; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change the own password. All other sessions end. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PasswordRequest"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refused400"];
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an invitation: choose a password, and be signed in. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["InvitationRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How can one sign in? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignInOptions"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/openid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sign in at the issuer: leads there, with a cookie that knows the browser again. */
        get: {
            parameters: {
                query?: {
                    /** @description The path of the page to come back to, `/` or below `/app`. */
                    return_to?: string;
                    /** @description The tenant of the account; `default` when left out. */
                    tenant?: string;
                    /** @description Must be the own tenant; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To the issuer, or to the page that says why not */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/openid/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Come back from the issuer: whoever it vouches for is signed in and led to the page they wanted to see. */
        get: {
            parameters: {
                query?: {
                    /** @description What was given to the issuer. */
                    state?: string;
                    /** @description What tokens are to be had for. */
                    code?: string;
                    /** @description Why there is no code. */
                    error?: string;
                    /** @description Which issuer it is. */
                    iss?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To the page, signed in, or to the one that says why not */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                500: components["responses"]["Refused500"];
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody who may sign in, by name. */
        get: {
            parameters: {
                query?: {
                    /** @description For operators: of this tenant. When left out, a list is of all tenants and everything else about the own one. */
                    tenant?: string;
                    /** @description Must be the own tenant; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UserAccountList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /**
         * Make an account. The invitation is in this answer and is shown to nobody again.
         * @description An admin makes accounts up to admin for the own tenant, an operator any for any tenant.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserAccountRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvitedUserAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove an account; its sessions end. */
        delete: {
            parameters: {
                query?: {
                    /** @description For operators: of this tenant. When left out, a list is of all tenants and everything else about the own one. */
                    tenant?: string;
                    /** @description Must be the own tenant; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        options?: never;
        head?: never;
        /** Change what somebody may, or whether they may sign in at all. */
        patch: {
            parameters: {
                query?: {
                    /** @description For operators: of this tenant. When left out, a list is of all tenants and everything else about the own one. */
                    tenant?: string;
                    /** @description Must be the own tenant; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserAccountChange"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UserAccountAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        trace?: never;
    };
    "/api/users/{name}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite somebody again, who has forgotten the password or not taken the first invitation.
         * @description The password stays good until the invitation is taken.
         */
        post: {
            parameters: {
                query?: {
                    /** @description For operators: of this tenant. When left out, a list is of all tenants and everything else about the own one. */
                    tenant?: string;
                    /** @description Must be the own tenant; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvitedUserAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign somebody out everywhere; the password stays good. */
        delete: {
            parameters: {
                query?: {
                    /** @description For operators: of this tenant. When left out, a list is of all tenants and everything else about the own one. */
                    tenant?: string;
                    /** @description Must be the own tenant; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whose key it is that a request carries, and what it may.
         * @description Where there are no keys everybody may everything, and there is no role.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MeAnswer"];
                    };
                };
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys of the tenant, the oldest first; of all tenants for an operator. */
        get: {
            parameters: {
                query?: {
                    /** @description For operators: keys of this tenant; of all tenants when left out. */
                    tenant?: string;
                    /** @description Must be the key's own tenant; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeyList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                404: components["responses"]["Refused404"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /**
         * Make a key. Its text is in this answer and is shown to nobody again.
         * @description An admin makes keys up to admin for the own tenant, an operator any key for any tenant. The first one is made with
         *     `muster key create`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeyRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeyAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{prefix}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a key at once. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    prefix: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{prefix}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a key that takes the place of another one, which stays good for a while so that the new one can be brought
         *     everywhere.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    prefix: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RotationRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeyAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every request that changed something, or was to, the oldest or the newest first.
         * @description What is written while somebody goes from page to page comes last with `order=oldest`, and is left out with `order=newest`.
         *     With `Accept: application/x-ndjson` all of them, one a line.
         */
        get: {
            parameters: {
                query?: {
                    /** @description From this instant on, RFC 3339. */
                    since?: string;
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description Which entry comes first: `oldest` or `newest`; `oldest` when left out. In an export as well. */
                    order?: "oldest" | "newest";
                    /** @description `next_cursor` of the page before, with the same `order`. */
                    cursor?: string;
                    /** @description For operators: of this tenant; of all when left out. */
                    tenant?: string;
                    /** @description Must be the key's own tenant; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditList"];
                        "application/x-ndjson": string;
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All tenants. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TenantList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /** Make a tenant. It is empty, and nobody has a key for it yet. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TenantRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TenantAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenant-deletions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Receipts of tenants that were deleted. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TenantDeletionList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One tenant. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TenantAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a tenant with everything it has.
         * @description Nobody reaches it when this is answered; its files go soon after. The receipt says when they were gone.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TenantDeletion"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        options?: never;
        head?: never;
        /** Change what a tenant may have, where it is at home, suspend it, or let it go on. A quota of 0 is no bound. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TenantRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TenantAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        trace?: never;
    };
    "/api/event-offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events for sale, page by page. */
        get: {
            parameters: {
                query?: {
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OfferList"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        /** Save an event that is for sale: a concert, a sale, a launch. */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OfferRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OfferAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/event-offers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One event for sale. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OfferAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /** Save an event anew under its id, or a new one under an id of your own. Keys that are left out are empty then. */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OfferRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OfferAnswer"];
                    };
                };
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OfferAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        /** Delete an event. Segments that were made of it stay. */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                422: components["responses"]["Refused422"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/matching/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How events are matched with customers. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MatchingAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        /**
         * Change how events are matched with customers. Keys that are left out are as they are at first.
         * @description Weights need not add up to 100: scores go up to their sum, which answers tell as `max_score`.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MatchingRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MatchingAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: components["responses"]["Refused404"];
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{id}/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whom an event fits best, and why, page by page.
         * @description Scores are the sums of the reasons' weights. `count` is the number of customers on this page, `total` that of all who
         *     reach `min_score`. People of equal score stand in a stable order.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The least score that counts; 1 when left out: whoever has a reason. */
                    min_score?: string;
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RecommendationsAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{id}/generate-recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note how many an event fits now.
         * @description Recommendations are current whenever they are asked for, so there is nothing to wait for: this keeps the figures of
         *     this moment with the event, to compare later ones with. To keep the people, make a static segment.
         */
        post: {
            parameters: {
                query?: {
                    /** @description The least score that counts; 1 when left out: whoever has a reason. */
                    min_score?: string;
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["GenerateRequest"] | null;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["GeneratedAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: components["responses"]["Refused409"];
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/{id}/create-segment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a segment of whom an event fits.
         * @description A dynamic one holds the rule that the event and the settings come to now, and finds whoever satisfies it later;
         *     it does not follow changes of the event. With `"segment_type": "static"` it holds the people of this moment.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
                     *     the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
                     *     remembered.
                     */
                    "Idempotency-Key"?: string | null;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OfferSegmentRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SegmentAnswer"];
                    };
                };
                400: components["responses"]["Refused400"];
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                413: components["responses"]["Refused413"];
                415: components["responses"]["Refused415"];
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
                507: components["responses"]["Refused507"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles/{id}/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which events fit somebody best, and why: those that are active and have not begun. */
        get: {
            parameters: {
                query?: {
                    /** @description The least score that counts; 1 when left out: whoever has a reason. */
                    min_score?: string;
                    /** @description Entries on the page, 1 to 10,000; 100 when left out. */
                    limit?: string;
                    /** @description `next_cursor` of the page before; none for the first page. */
                    cursor?: string;
                    /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own. */
                    now?: string;
                    /** @description Ignored; for callers who send it with every request. */
                    tenant_id?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PersonRecommendationsAnswer"];
                    };
                };
                401: components["responses"]["Refused401"];
                403: components["responses"]["Refused403"];
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetails"];
                    };
                };
                429: components["responses"]["Refused429"];
                500: components["responses"]["Refused500"];
                503: components["responses"]["Refused503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description All, or some. */
        AllOrIds: string | number[];
        /** @description A field that a rule may ask about. */
        AskableField: {
            /** @description Its name. */
            name: string;
            /** @description Its type; `id` for the id. */
            type: string;
            /** @description What may be asked. */
            operators: string[];
        };
        /** @description One attempt to send a message. */
        AttemptAnswer: {
            /** @description When. */
            at: string;
            /** @description The message's `webhook-id`. */
            message: string;
            /**
             * Format: int32
             * @description What the receiver answered.
             */
            status?: number | null;
            /** @description Why the message does not count as taken. */
            error?: string | null;
        };
        /** @description A saved audience with its current size and breakdown. */
        AudienceAnswer: {
            /**
             * Format: int64
             * @description Stable id.
             */
            id: number;
            /** @description Unique name. */
            name: string;
            /** @description What it is for. */
            description: string;
            /** @description `any` or `all`. */
            include_match: string;
            /** @description Segments by id; absent when the definition has no such key. */
            include_segments?: number[] | null;
            /** @description External ids; absent when the definition has no such key. */
            include_customers?: string[] | null;
            /** @description Lists by id; absent when the definition has no such key. */
            include_lists?: number[] | null;
            /** @description Segments by id. */
            exclude_segments: number[];
            /** @description External ids. */
            exclude_customers: string[];
            /** @description Lists by id. */
            exclude_lists: number[];
            /** @description Channel by which its people are to be reached: consent and caps of that channel are gates. */
            channel?: string | null;
            holdout?: components["schemas"]["ShareAnswer"] | null;
            split?: components["schemas"]["RangeAnswer"] | null;
            /** @description Suppressions that are not to hold, by id; only with `ignore_reason`. */
            ignore_suppressions?: number[] | null;
            /** @description Why they are not to hold; stands in the breakdown. */
            ignore_reason?: string | null;
            /** @description Of one kind of source: `everyone`, `segments`, `customers` or `lists`; of several, or with exclusions: `combined`. */
            audience_type: string;
            /**
             * Format: int64
             * @description The campaign it was made for.
             */
            campaign_id?: number | null;
            /** @description Words to find it by. */
            tags: string[];
            /** @description `draft`, `active` or `archived`. */
            status: string;
            /** @description Whether that is `active`. */
            is_active: boolean;
            /** @description Who answers for it. */
            owner: string;
            /**
             * Format: int64
             * @description The number of this version; also in the `ETag`.
             */
            version: number;
            /** @description Who saved it last. */
            changed_by: string;
            /** @description When it was made. */
            created_at: string;
            /** @description When it was last changed. */
            updated_at: string;
            /**
             * Format: int64
             * @description Profiles in it; the same as `count`.
             */
            customer_count?: number | null;
            /**
             * Format: int64
             * @description Profiles in it; exact. Left out of lists with `counts=false`, with all that is counted.
             */
            count?: number | null;
            breakdown?: components["schemas"]["BreakdownAnswer"] | null;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was counted.
             */
            data_version: number;
            /** @description The instant for which it was counted. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
            /** @description Remarks. */
            warnings?: components["schemas"]["Remark"][] | null;
        };
        /** @description Audiences, a page of them. */
        AudienceList: {
            /** @description The page. */
            items: components["schemas"]["AudienceAnswer"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many there are.
             */
            total: number;
        };
        /** @description An audience evaluated. */
        AudiencePreviewAnswer: {
            /**
             * Format: int64
             * @description Profiles in it; exact.
             */
            count: number;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /** @description The first members. */
            sample: components["schemas"]["Member"][];
            /** @description How it came about: base - excluded_total = count. */
            breakdown: components["schemas"]["BreakdownAnswer"];
            /**
             * Format: int64
             * @description Version of the data that was counted.
             */
            data_version: number;
            /** @description The instant for which it was counted. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
            /** @description Remarks. */
            warnings: components["schemas"]["Remark"][];
        };
        /** @description An audience definition. Without any include key every profile is in. */
        AudienceRequest: {
            /** @description Unique name; needed to save. */
            name?: string | null;
            /** @description What it is for. */
            description?: string | null;
            /** @description `any` (union, the default) or `all` (intersection) of the included segments. */
            include_match?: string | null;
            /** @description Segments by id or name. */
            include_segments?: components["schemas"]["NameOrId"][] | null;
            /** @description Segments by id or name. */
            exclude_segments?: components["schemas"]["NameOrId"][] | null;
            /** @description External ids. */
            include_customers?: components["schemas"]["ExternalId"][] | null;
            /** @description External ids. */
            exclude_customers?: components["schemas"]["ExternalId"][] | null;
            /** @description Lists by id. */
            include_lists?: number[] | null;
            /** @description Lists by id. */
            exclude_lists?: number[] | null;
            /** @description Channel by which its people are to be reached: consent and caps of that channel are gates. */
            channel?: string | null;
            holdout?: components["schemas"]["ShareAnswer"] | null;
            split?: components["schemas"]["RangeAnswer"] | null;
            /** @description Suppressions that are not to hold, by id; only with `ignore_reason`. */
            ignore_suppressions?: number[] | null;
            /** @description Why they are not to hold; stands in the breakdown. */
            ignore_reason?: string | null;
            /** @description Follows from the keys above; understood when it is sent. */
            audience_type?: string | null;
            /**
             * Format: int64
             * @description The campaign it is made for.
             */
            campaign_id?: number | null;
            /** @description Words to find it by; kept in lower case, each once. */
            tags?: string[] | null;
            /** @description `draft`, `active` (when left out) or `archived`. */
            status?: string | null;
            /** @description `true` is `active`, `false` is `archived`. */
            is_active?: boolean | null;
            /** @description Who answers for it, in free words. */
            owner?: string | null;
            /** @description Who makes this change, in free words. */
            changed_by?: string | null;
            /** @description `true` when an audience that had includes is to mean everybody from now on. */
            confirm_everyone?: boolean | null;
            /** @description The instant to evaluate for; previews only. */
            now?: string | null;
            /**
             * Format: int32
             * @description Members to show, 0 to 1,000; previews only.
             */
            sample?: number | null;
        };
        /** @description A request that changed something, or was to. */
        AuditAnswer: {
            /**
             * Format: int64
             * @description Its place.
             */
            seq: number;
            /** @description When it was answered. */
            at: string;
            /** @description Whose data. */
            tenant: string;
            /** @description The prefix of the key; none on a server without keys. */
            key?: string | null;
            /** @description Who was signed in. */
            person?: string | null;
            /** @description The role of the key or the account. */
            role?: string | null;
            /** @description The method. */
            method: string;
            /** @description The path's template. */
            route: string;
            /** @description The path, or its template where the path names a person. */
            target: string;
            /**
             * Format: int64
             * @description The version of the data before.
             */
            version_before?: number | null;
            /**
             * Format: int64
             * @description The version of the data after, with what others did meanwhile.
             */
            version_after?: number | null;
            /**
             * Format: int64
             * @description The version of the segment or audience before, for `/versions/{version}`; none where it is about neither.
             */
            item_version_before?: number | null;
            /**
             * Format: int64
             * @description The same after; none where it is gone.
             */
            item_version_after?: number | null;
            /** @description Where it came from. */
            address?: string | null;
            /**
             * Format: int32
             * @description What it was answered with.
             */
            status: number;
            /** @description The id that the log has. */
            request_id: string;
        };
        /** @description A page of the audit. */
        AuditList: {
            /** @description The oldest first. */
            items: components["schemas"]["AuditAnswer"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
        };
        /** @description A backup. */
        BackupAnswer: {
            /** @description Its directory, in the place that the server was started with. */
            directory: string;
            /**
             * Format: int64
             * @description The last change in it, as a number of the log's records.
             */
            lsn: number;
            /**
             * Format: int64
             * @description The version of the data in it.
             */
            data_version: number;
            /**
             * Format: int64
             * @description Profiles in it.
             */
            profiles: number;
            /** @description When it was begun. */
            made_at: string;
            /**
             * Format: int64
             * @description Its files.
             */
            files: number;
            /**
             * Format: int64
             * @description Their bytes.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Bytes of it that were written now; the others were there.
             */
            bytes_copied: number;
            /**
             * Format: double
             * @description How long it took.
             */
            seconds: number;
        };
        /** @description What was frozen together. */
        BatchAnswer: {
            /**
             * Format: int64
             * @description How many.
             */
            taken: number;
            /**
             * Format: int64
             * @description Version of the data that was evaluated.
             */
            data_version: number;
            /** @description The instant that was evaluated for. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
            /** @description The snapshots, in the order of the audiences. */
            items: components["schemas"]["SnapshotSummary"][];
        };
        /** @description Which audiences are frozen together. */
        BatchRequest: {
            /** @description Ids of audiences, or `all`. */
            audiences: components["schemas"]["AllOrIds"];
            /** @description The instant to evaluate for; the present one when left out. */
            now?: string | null;
            /** @description Audiences without any include key are everybody: freezing them has to be confirmed. */
            confirm_everyone?: boolean | null;
        };
        /** @description A bin of a histogram. */
        BinAnswer: {
            /** @description The least value that belongs here; `null` for everything below `to`. */
            from?: unknown;
            /** @description The least value that no longer belongs here; `null` for everything from `from` on. */
            to?: unknown;
            /**
             * Format: int64
             * @description Profiles.
             */
            count: number;
        };
        /** @description How an audience comes about. */
        BreakdownAnswer: {
            /** @description Sizes of the included segments, as the request named them. */
            include_segments: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Their union or intersection.
             */
            from_segments: number;
            /**
             * Format: int64
             * @description The population, when no include key was given.
             */
            all_customers?: number | null;
            include_customers?: components["schemas"]["SourceReport"] | null;
            /** @description Included lists. */
            include_lists?: components["schemas"]["SourceReport"][] | null;
            /**
             * Format: int64
             * @description Everybody included.
             */
            base: number;
            /** @description Members of the base in each excluded segment; they may overlap. */
            excluded_by_segment?: {
                [key: string]: number;
            } | null;
            exclude_customers?: components["schemas"]["SourceReport"] | null;
            /** @description Excluded lists. */
            exclude_lists?: components["schemas"]["SourceReport"][] | null;
            /**
             * Format: int64
             * @description Everybody excluded or taken out by a gate, once each.
             */
            excluded_total: number;
            /** @description Every source in order: its size, how many it added that no earlier one had, how many only it has. */
            sources: Record<string, never>[];
            /** @description Every exclusion in order: how many it removed, how many no earlier one had, how many only it removed. */
            exclusions: Record<string, never>[];
            /** @description From the base to the count, step by step: what the definition excludes, then the gates, in their order. */
            waterfall: components["schemas"]["WaterfallStep"][];
            /** @description Suppressions that the definition sets aside: `id`, `name`, `members` it would have kept out, and the `reason` given. */
            ignored_suppressions?: Record<string, never>[] | null;
        };
        /** @description At most so many contacts in so many days. */
        CapAnswer: {
            /**
             * Format: int32
             * @description Contacts from which on no more are made.
             */
            contacts: number;
            /**
             * Format: int32
             * @description Days, of 86,400 seconds.
             */
            days: number;
        };
        /** @description Somebody entered or left. */
        ChangeEntry: {
            /**
             * Format: int64
             * @description Its number, ascending.
             */
            seq: number;
            /** @description When: with `time` the exact instant, else when it was noticed. */
            at: string;
            /**
             * @description `write`, `time`, `definition` or `erase`.
             * @example time
             */
            cause: string;
            id?: components["schemas"]["ExternalId"] | null;
            /**
             * @description `entered` or `left`.
             * @example left
             */
            change: string;
            /**
             * Format: int64
             * @description The data version at which it was found.
             */
            data_version: number;
        };
        /** @description Some entries of a feed. */
        Changes: {
            /** @description In order. */
            items: components["schemas"]["ChangeEntry"][];
            /**
             * Format: int64
             * @description `since` of the next page.
             */
            next: number;
            /**
             * Format: int64
             * @description The least `since` that can be answered.
             */
            oldest: number;
            /** @description Whether there are more entries already. */
            more: boolean;
        };
        /** @description A channel. */
        ChannelAnswer: {
            /** @description Its name, in lower case. */
            name: string;
            /** @description Who has consented. */
            consent?: Record<string, never> | null;
            /** @description The same as text. */
            consent_text?: string | null;
            /** @description What people are contacted for; none when what they said is not asked. */
            purpose?: string | null;
            /** @description What people have said something about. */
            purposes: components["schemas"]["PurposeAnswer"][];
            /** @description All of them hold. */
            caps: components["schemas"]["CapAnswer"][];
            /**
             * Format: int64
             * @description Contacts that are kept.
             */
            contacts: number;
            /**
             * Format: int64
             * @description Bytes that they take in memory.
             */
            contact_bytes: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
        };
        /** @description All channels. */
        ChannelList: {
            /** @description By name. */
            items: components["schemas"]["ChannelAnswer"][];
        };
        /** @description A channel's consent and caps. */
        ChannelRequest: {
            /** @description A rule over fields: whoever it selects has consented; everybody when left out. This or `consent_text`. */
            consent?: Record<string, never> | null;
            /** @description The same as text. */
            consent_text?: string | null;
            /** @description What people are contacted for: what they said last about it goes before the rule. */
            purpose?: string | null;
            /** @description All of them hold. */
            caps?: components["schemas"]["CapAnswer"][] | null;
        };
        /** @description How far the comparison with checksums has come. */
        Check: {
            /**
             * Format: int64
             * @description Bytes of files that were compared and are good.
             */
            compared_bytes: number;
            /**
             * Format: int64
             * @description Bytes of all files.
             */
            bytes: number;
        };
        /** @description The checkpoint that counts now. */
        CheckpointAnswer: {
            /**
             * Format: int64
             * @description The last change in it, as a number of the log's records.
             */
            lsn: number;
            /**
             * Format: int64
             * @description Its files.
             */
            files: number;
            /**
             * Format: int64
             * @description Their bytes.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Bytes of it that were written now; 0 when nothing has changed since the last one.
             */
            bytes_written: number;
            /**
             * Format: double
             * @description How long it took.
             */
            seconds: number;
        };
        /** @description Some sets, by their places, and how many profiles. */
        CombinationAnswer: {
            /** @description Places in the list of sets. */
            sets: number[];
            /**
             * Format: int64
             * @description Of a combination: in these and no others. Of a pair: in both.
             */
            count: number;
        };
        /** @description A computed field as it is declared. */
        ComputedFieldShape: {
            /** @description Its name. */
            name: string;
            /** @description What it is made from, as in `PUT /api/schema`. */
            computed: Record<string, never>;
        };
        /** @description What one person said about one channel and purpose. */
        ConsentAnswer: {
            /** @description By which channel. */
            channel: string;
            /** @description For what. */
            purpose: string;
            /** @description What counts: the newest. */
            state: components["schemas"]["ConsentStateName"];
            /** @description Where they said that. */
            source: string;
            /** @description When, in whole seconds. */
            time: string;
            /** @description Everything they said about it, the newest first. */
            history: components["schemas"]["SaidAnswer"][];
        };
        /** @description What one person said about being contacted. */
        ConsentList: {
            /** @description By channel and purpose. */
            items: components["schemas"]["ConsentAnswer"][];
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
        };
        /** @description What an import did: rows = noted + repeated + duplicates + unknown + rejected_total. */
        ConsentReport: {
            /**
             * Format: int64
             * @description Data rows of the file.
             */
            rows: number;
            /**
             * Format: int64
             * @description Of profiles, noted now.
             */
            noted: number;
            /**
             * Format: int64
             * @description Said before in the same second there.
             */
            repeated: number;
            /**
             * Format: int64
             * @description Rows that repeat an earlier one.
             */
            duplicates: number;
            /**
             * Format: int64
             * @description Of no profile; not kept.
             */
            unknown: number;
            /** @description The first that did not fit. */
            rejected: components["schemas"]["Rejected"][];
            /**
             * Format: int64
             * @description How many these were.
             */
            rejected_total: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
        };
        /** @description What somebody said about being contacted. */
        ConsentRequest: {
            /** @description By which channel; one that was set. */
            channel: string;
            /** @description For what: a word such as `marketing`. */
            purpose: string;
            /** @description What they said. */
            state: components["schemas"]["ConsentStateName"];
            /** @description Where they said it, such as `checkout form`. */
            source: string;
            /** @description When; now if left out. */
            time?: string | null;
        };
        /**
         * @description `granted` or `withdrawn`.
         * @enum {string}
         */
        ConsentStateName: "granted" | "withdrawn";
        /** @description The same thing that many people said. */
        ConsentsRequest: {
            /** @description By which channel; one that was set. */
            channel: string;
            /** @description For what: a word such as `marketing`. */
            purpose: string;
            /** @description What they said. */
            state: components["schemas"]["ConsentStateName"];
            /** @description Where they said it, such as `checkout form`. */
            source: string;
            /** @description When; now if left out. */
            time?: string | null;
            /** @description External ids. */
            ids: components["schemas"]["ExternalId"][];
        };
        /** @description People who were contacted: `ids` or `snapshot`. */
        ContactsRequest: {
            /** @description By which channel. */
            channel: string;
            /** @description External ids. */
            ids?: components["schemas"]["ExternalId"][] | null;
            /**
             * Format: int64
             * @description The snapshot whose members were contacted.
             */
            snapshot?: number | null;
            /** @description When, RFC 3339; the present when left out. Kept in whole seconds. */
            time?: string | null;
        };
        /** @description The control group that is kept. */
        ControlGroupAnswer: {
            control_group?: components["schemas"]["ShareAnswer"] | null;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
        };
        /** @description The control group to keep. */
        ControlGroupRequest: {
            control_group?: components["schemas"]["ShareAnswer"] | null;
        };
        /** @description Everything at a glance. */
        DashboardAnswer: {
            /** @description Segments that are not archived, each with its size. */
            segments: components["schemas"]["DashboardSegment"][];
            /** @description Audiences that are not archived, each with its size. */
            audiences: components["schemas"]["DashboardAudience"][];
            /**
             * Format: int64
             * @description Imported lists.
             */
            lists: number;
            /** @description The newest changes. */
            recent: components["schemas"]["RecentChange"][];
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was counted.
             */
            data_version: number;
            /** @description The instant for which it was counted. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description An audience and its size. */
        DashboardAudience: {
            /**
             * Format: int64
             * @description Which.
             */
            id: number;
            /** @description Its name. */
            name: string;
            /**
             * Format: int64
             * @description The campaign it was made for.
             */
            campaign_id?: number | null;
            /** @description `draft` or `active`. */
            status: string;
            /** @description Words to find it by. */
            tags: string[];
            /**
             * Format: int64
             * @description People in it; exact.
             */
            customer_count: number;
            /** @description When it was last changed. */
            updated_at: string;
        };
        /** @description A segment and its size. */
        DashboardSegment: {
            /**
             * Format: int64
             * @description Which.
             */
            id: number;
            /** @description Its name. */
            name: string;
            /** @description `dynamic`, `static` or `lookalike`. */
            segment_type: string;
            /** @description `draft` or `active`. */
            status: string;
            /** @description Words to find it by. */
            tags: string[];
            /**
             * Format: int64
             * @description People in it; exact.
             */
            count: number;
            /** @description When it was last changed. */
            updated_at: string;
        };
        /** @description A field to add: one that is written, by its type, or one that is computed, by what it is made from. */
        DeclaredField: {
            /** @description Unique name. */
            name: string;
            /**
             * @description `bool`, `int`, `decimal(2)`, `float`, `keyword`, `keyword_set`, `int_set`, `time` or `date`; of a computed field
             *     what it is made from says it.
             */
            type?: string | null;
            /**
             * @description What it is made from: `{"of": "events", "type", "fn", ...}` with `count`, `count_distinct`, `sum`, `average`, `min`,
             *     `max`, `first`, `last`, `most_frequent`, `top` or `unique_set` of a `property`, chosen by `where`, `within_days`,
             *     `before_days`, `between`, `then` and `not_followed_by` as in event tests; or `{"of": "fields", "fn", ...}` with
             *     `ratio`, `days_since`, `score`, `bands` or `sum`. `null` leaves the field to be written from now on.
             */
            computed?: Record<string, never> | null;
        };
        /** @description Something that an edit would change as well. */
        DependantAnswer: {
            /**
             * Format: int64
             * @description Stable id.
             */
            id: number;
            /** @description What it is called. */
            name: string;
            /**
             * Format: int64
             * @description Members now.
             */
            before: number;
            /**
             * Format: int64
             * @description Members then.
             */
            after: number;
            /**
             * Format: int64
             * @description Who come in.
             */
            entered: number;
            /**
             * Format: int64
             * @description Who go out.
             */
            left: number;
        };
        /** @description What an edit would move: before - left + entered = after, and unchanged + entered = after. */
        DiffAnswer: {
            /**
             * Format: int64
             * @description Members now.
             */
            before: number;
            /**
             * Format: int64
             * @description Members then.
             */
            after: number;
            /**
             * Format: int64
             * @description Who come in.
             */
            entered: number;
            /**
             * Format: int64
             * @description Who go out.
             */
            left: number;
            /**
             * Format: int64
             * @description Who stay.
             */
            unchanged: number;
            /** @description The first who come in. */
            entered_sample: components["schemas"]["Member"][];
            /** @description The first who go out. */
            left_sample: components["schemas"]["Member"][];
            /** @description Segments that refer to it and change. */
            segments: components["schemas"]["DependantAnswer"][];
            /** @description Audiences that name it, or one of those, and change. */
            audiences: components["schemas"]["DependantAnswer"][];
            /**
             * Format: int64
             * @description Segments and audiences that refer to it, those that do not change included.
             */
            referrers: number;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was asked.
             */
            data_version: number;
            /** @description The instant for which it was asked. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description Another content of a segment. */
        DiffRequest: {
            /** @description A rule tree; this, `text` or `ids`. */
            criteria?: Record<string, never> | null;
            /** @description The same as text. */
            text?: string | null;
            /** @description External ids, for a segment that is a list. */
            ids?: components["schemas"]["ExternalId"][] | null;
            /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. */
            now?: string | null;
            /**
             * Format: int32
             * @description People to show of each direction, 0 to 1,000; 10 when left out.
             */
            sample?: number | null;
        };
        /** @description What tells one version from another. */
        DifferenceAnswer: {
            /**
             * Format: int64
             * @description The segment or audience.
             */
            id: number;
            /**
             * Format: int64
             * @description The number of one version.
             */
            from: number;
            /**
             * Format: int64
             * @description The number of the other.
             */
            to: number;
            /** @description Attributes that differ: `{attribute, from, to}`. */
            attributes: Record<string, never>[];
            /**
             * @description What it holds: `{kind: "rule", differences: [{change, from: {pointer, text, criteria}, to}]}`, `{kind: "ids",
             *     added, removed}`, `{kind: "audience", differences: [{key, added, removed, ...}]}`, or `{kind: "segment_type",
             *     from, to}`.
             */
            definition: Record<string, never>;
            sizes?: components["schemas"]["DifferenceSizes"] | null;
            /** @description Why a version cannot be evaluated: `{version, errors}`. */
            not_countable: Record<string, never>[];
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was counted.
             */
            data_version: number;
            /** @description The instant for which it was counted. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description Who comes and goes from one version to another. */
        DifferenceSizes: {
            /**
             * Format: int64
             * @description Profiles in the one.
             */
            from: number;
            /**
             * Format: int64
             * @description Profiles in the other.
             */
            to: number;
            /**
             * Format: int64
             * @description Only in the other.
             */
            entered: number;
            /**
             * Format: int64
             * @description Only in the one.
             */
            left: number;
            /**
             * Format: int64
             * @description In both.
             */
            stayed: number;
        };
        /** @description How a field's values are spread; counts only. Always present + missing = count, and bins add up to `present`. */
        DistributionAnswer: {
            /** @description The field. */
            field: string;
            /** @description Its type. */
            type: string;
            /**
             * Format: int64
             * @description Profiles asked about.
             */
            count: number;
            /**
             * Format: int64
             * @description Those of them that have a value.
             */
            present: number;
            /**
             * Format: int64
             * @description Those of them that have none.
             */
            missing: number;
            /** @description Least value, of ordered fields. */
            min?: unknown;
            /** @description Greatest value, of ordered fields. */
            max?: unknown;
            /** @description The percentiles asked for, by nearest rank: the least value that so many percent do not exceed. */
            percentiles?: components["schemas"]["PercentileAnswer"][] | null;
            /** @description The histogram asked for. */
            bins?: components["schemas"]["BinAnswer"][] | null;
            /**
             * Format: int64
             * @description With `top`: different values, of sets different members.
             */
            distinct?: number | null;
            /** @description With `top`: the most frequent values, of sets members, with their profiles; equal ones in order of value. */
            top?: components["schemas"]["ValueCount"][] | null;
            /**
             * Format: int64
             * @description With `top`: profiles of all other values; with sets once for each such member.
             */
            others?: number | null;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was counted.
             */
            data_version: number;
            /** @description The instant for which it was counted. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
            /** @description Remarks about the rule. */
            warnings: components["schemas"]["Remark"][];
        };
        /** @description What to tell of a field, and of whom: of everybody, or of those whom a rule, a segment or an audience selects. */
        DistributionRequest: {
            /** @description A rule tree; this, `text`, `segment`, `audience` or none of them. */
            criteria?: Record<string, never> | null;
            /**
             * @description A rule as text.
             * @example email_consent is true
             */
            text?: string | null;
            segment?: components["schemas"]["NameOrId"] | null;
            audience?: components["schemas"]["NameOrId"] | null;
            /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. */
            now?: string | null;
            /**
             * @description Percentiles of ordered fields: numbers from 0 to 100 with at most 4 digits after the point, at most 101 of them.
             * @example [
             *       5,
             *       50,
             *       95
             *     ]
             */
            percentiles?: number[] | null;
            /**
             * Format: int32
             * @description A histogram of at most so many bins, 1 to 1,000, of a width that reads well; this or `bounds`.
             * @example 20
             */
            bins?: number | null;
            /** @description A histogram with these bounds, ascending values of the field, at most 1,000. */
            bounds?: unknown[] | null;
            /**
             * Format: int32
             * @description So many of the most frequent values, 0 to 1,000, and how many different ones there are.
             */
            top?: number | null;
        };
        /**
         * @description Receipts of erasures, the oldest first. They do not say of whom: what would be kept about the erased is what was to
         *     be erased.
         */
        ErasureList: {
            /** @description The page. */
            items: components["schemas"]["ErasureState"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description Receipts that were given.
             */
            total: number;
            /**
             * Format: int64
             * @description Those whose bytes may still be in files.
             */
            pending: number;
        };
        /** @description What an erasure cleared. */
        ErasureReceipt: {
            /** @description `true`. */
            erased: boolean;
            /**
             * @description How many fields, static segments, lists, audience definitions and snapshots named the person, and how many
             *     events were theirs.
             */
            cleared: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description The receipt's number, to ask for at `/api/erasures`.
             */
            receipt: number;
            /** @description When memory was cleared. */
            erased_at?: string | null;
            /** @description Where files may still name the person. */
            on_disk_in: string[];
            /** @description Until when they may at the latest; none where nothing is kept on disk, or once nothing does. */
            on_disk_until?: string | null;
            /** @description When the last of them was removed; none before. */
            off_disk_at?: string | null;
            /**
             * Format: int64
             * @description A version in which the person is gone.
             */
            data_version: number;
        };
        /** @description What became of an erasure. */
        ErasureState: {
            /**
             * Format: int64
             * @description The receipt's number.
             */
            receipt: number;
            /** @description When memory was cleared; none for one that an older version made. */
            erased_at?: string | null;
            /** @description Until when files may name the person at the latest; none once they do not. */
            on_disk_until?: string | null;
            /** @description When the last file that did was removed; none before. */
            off_disk_at?: string | null;
        };
        /** @description Events of one person, a page of them, the newest first. */
        EventPage: {
            /** @description The page: type, time, amount where there is one, properties. */
            items: Record<string, never>[];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description Events of the person, of all types.
             */
            total: number;
            /**
             * Format: int64
             * @description Version of the data that all pages show.
             */
            data_version: number;
        };
        /** @description What became of events: rows = accepted + duplicates + rejected_total. */
        EventReport: {
            /**
             * Format: int64
             * @description Events that were sent.
             */
            rows: number;
            /**
             * Format: int64
             * @description Events that count now.
             */
            accepted: number;
            /**
             * Format: int64
             * @description Events whose id was known.
             */
            duplicates: number;
            /** @description The first that were not taken. */
            rejected: components["schemas"]["Rejected"][];
            /**
             * Format: int64
             * @description How many these were.
             */
            rejected_total: number;
            /**
             * Format: int64
             * @description Profiles that were made for events.
             */
            profiles_created: number;
            /**
             * Format: int64
             * @description The version in which they are seen; of a dry run the one that it was tried on.
             */
            data_version: number;
            /** @description Of an import: whether nothing was changed, as was wished. */
            dry_run?: boolean | null;
        };
        /** @description An event as it is sent. */
        EventRequest: {
            /** @description Names the event: sent again it counts once. A string, or a number. */
            event_id: string;
            /** @description External id of whoever did it. */
            profile_id: components["schemas"]["ExternalId"];
            /** @description What was done. */
            type: string;
            /** @description When; RFC 3339. */
            time: string;
            /** @description What it was worth, with at most two digits after the point. */
            amount?: unknown;
            /** @description What else there is to say, by name. */
            properties?: Record<string, never> | null;
        };
        /** @description Types and properties of events. */
        EventSchemaAnswer: {
            /** @description Types: name, days that events are kept (none for ever), and how many events there are. */
            types: Record<string, never>[];
            /** @description Properties: name and type. */
            properties: Record<string, never>[];
            /**
             * Format: int64
             * @description Events of all types.
             */
            events: number;
            /**
             * Format: int64
             * @description Version of the data that was read.
             */
            data_version: number;
        };
        /** @description Types and properties to declare. */
        EventSchemaRequest: {
            /** @description Types, each `{"name", "retention_days"?}`; `null` keeps events for ever. */
            types?: Record<string, never>[] | null;
            /** @description Properties, each `{"name", "type"}`. */
            properties?: Record<string, never>[] | null;
        };
        /** @description Events as they are sent; one may be sent alone. */
        EventsRequest: {
            /** @description The events. */
            events: components["schemas"]["EventRequest"][];
        };
        /** @description All that is known about one person. */
        EverythingAnswer: {
            /** @description External id, as it was loaded: a number or a string. */
            id: components["schemas"]["ExternalId"];
            /** @description Every field that has a value. */
            fields: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description Every event, the newest first, as `/api/profiles/{id}/events` shows them. */
            events: components["schemas"]["Value"][];
            /** @description Segments they are in: `id`, `name`, `segment_type`. */
            segments: components["schemas"]["Value"][];
            /** @description Audiences they are in or that name them: `id`, `name`, `is_member`, `is_named`. */
            audiences: components["schemas"]["Value"][];
            /** @description Imported lists they are on: `id`, `name`, `imported_at`. */
            lists: components["schemas"]["Value"][];
            /** @description Suppressions they are on: `id`, `name`, `list`, `added_at` (empty where it is not kept), `expires_at`, `keep_days`. */
            suppressions: components["schemas"]["Value"][];
            /** @description Every channel: `name`, `consents` (none where nobody is asked), `consent_text`, `purpose`, `contacted_at`. */
            channels: components["schemas"]["Value"][];
            /** @description What they said about being contacted, as `/api/profiles/{id}/consents` shows it. */
            consents: components["schemas"]["Value"][];
            /** @description Whether they are in the control group. */
            control_group: boolean;
            /** @description Snapshots that hold them: `id`, `audience`, `name`, `now`, `created_at`. */
            snapshots: components["schemas"]["Value"][];
            /**
             * Format: int64
             * @description The version of the data.
             */
            data_version: number;
            /** @description The instant for which sets and consent are told. */
            now: string;
        };
        /** @description People who were taken out, a page of them. */
        ExcludedPeople: {
            /** @description The page. */
            items: components["schemas"]["ExcludedPerson"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many there are.
             */
            total: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
            /** @description The instant for which it was evaluated. */
            now: string;
        };
        /** @description Somebody who was taken out. */
        ExcludedPerson: {
            /** @description External id. */
            id: components["schemas"]["ExternalId"];
            /** @description The first exclusion or gate that takes them out. */
            reason: string;
            /** @description What the gate is called. */
            name: string;
        };
        /** @description An exclusion group. */
        ExclusionGroupAnswer: {
            /**
             * Format: int64
             * @description Stable id.
             */
            id: number;
            /** @description What it is called. */
            name: string;
            /** @description In order of priority. */
            audiences: components["schemas"]["GroupedAudience"][];
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
        };
        /** @description Exclusion groups, a page of them. */
        ExclusionGroupList: {
            /** @description The page. */
            items: components["schemas"]["ExclusionGroupAnswer"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
        };
        /** @description Audiences that shut each other out. */
        ExclusionGroupRequest: {
            /** @description What the group is called. */
            name: string;
            /** @description Ids of audiences, the first one first. */
            audiences: number[];
        };
        /** @description A person and a rule. */
        ExplainRequest: {
            /** @description A rule tree; this or `text`. */
            criteria?: Record<string, never> | null;
            /**
             * @description The same as text.
             * @example total_spent >= 100 and last_purchase within 90 days
             */
            text?: string | null;
            /** @description The person's external id. */
            profile: components["schemas"]["ExternalId"];
            /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. */
            now?: string | null;
        };
        /** @description A person held against an audience. */
        ExplainedMemberAnswer: {
            /** @description External id. */
            profile: components["schemas"]["ExternalId"];
            /** @description Whether the person is in the audience. */
            in: boolean;
            /** @description `included`, `not_included` or `excluded`. */
            reason: string;
            /** @description Of somebody who is excluded: the reason, as in the breakdown's waterfall. */
            removed_by?: string | null;
            /** @description Whether the sources let the person in, whatever the gates say. */
            is_included: boolean;
            /** @description Everything that includes. */
            sources: components["schemas"]["GateAnswer"][];
            /** @description Everything that excludes, and every gate, in order. */
            gates: components["schemas"]["GateAnswer"][];
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was asked.
             */
            data_version: number;
            /** @description The instant for which it was asked. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description A person held against a rule. */
        ExplainedPersonAnswer: {
            /** @description External id. */
            profile: components["schemas"]["ExternalId"];
            /** @description Whether the rule selects the person. */
            in: boolean;
            /** @description Every node in reading order, the root first, segments opened. */
            nodes: components["schemas"]["PersonNode"][];
            flip?: components["schemas"]["FlipAnswer"] | null;
            /** @description The first instant at which time alone has turned the verdict; none when it never does. */
            changes_at?: string | null;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was asked.
             */
            data_version: number;
            /** @description The instant for which it was asked. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description An external id, as it was loaded: a number or a string. */
        ExternalId: number | string;
        /** @description How many have a reason. */
        FactorAnswer: {
            /** @description The reason. */
            reason: string;
            /**
             * Format: int32
             * @description Its weight.
             */
            weight: number;
            /**
             * Format: int64
             * @description How many have it.
             */
            count: number;
            /** @description Who that is, as the text of a rule. */
            text: string;
        };
        /** @description What a field's values look like. */
        FieldAnswer: {
            /** @description Unique name. */
            name: string;
            /** @description Its type. */
            type: string;
            /** @description The operators that a rule may use on it. */
            operators: string[];
            /**
             * Format: int64
             * @description Profiles that have a value.
             */
            present: number;
            /**
             * Format: int64
             * @description Profiles that have none.
             */
            missing: number;
            /**
             * Format: int64
             * @description Different values.
             */
            distinct: number;
            /** @description Least value, of ordered fields. */
            min?: unknown;
            /** @description Greatest value, of ordered fields. */
            max?: unknown;
            /** @description The most frequent values with their profiles. */
            top: Record<string, never>[];
            /** @description What the field is made from, when nobody writes it. */
            computed?: Record<string, never> | null;
            /**
             * Format: int32
             * @description How often that was changed, from 1.
             */
            computed_version?: number | null;
            /** @description As of when it is, when it changes with time alone. */
            as_of?: string | null;
        };
        /** @description Something said in vain. */
        FindingAnswer: {
            /**
             * @description `always_empty`, `always_true`, `matches_nobody`, `matches_everybody`, `no_effect`, `contradiction`,
             *     `covers_everybody`, `redundant`, `unknown_value`, `duplicate`, `contained` or `containing`.
             */
            code: string;
            /** @description JSON pointer into the rule. */
            pointer: string;
            /** @description What it is. */
            message: string;
            /** @description `logic`: it holds for any profiles, at this instant; `data`: for those there are. */
            basis: string;
            /** @description The counts that prove it. */
            proof: Record<string, never>;
            /** @description The rule beside it that it is compared with. */
            other?: string | null;
            /** @description The saved segment that it is compared with: `id` and `name`. */
            segment?: Record<string, never> | null;
            /** @description A rule that says less, as `criteria` and `text`. */
            cure?: Record<string, never> | null;
        };
        /** @description The smallest change that turns a verdict. */
        FlipAnswer: {
            /**
             * Format: int64
             * @description How many tests have to turn; no fewer do.
             */
            tests: number;
            /** @description Which. */
            pointers: string[];
            /** @description Whether the values that their remedies name turn the verdict together. */
            is_enough: boolean;
        };
        /** @description A segment's size if nothing is written. */
        Forecast: {
            /** @description Day by day. */
            items: components["schemas"]["SizeAt"][];
            /**
             * Format: int64
             * @description Profiles now.
             */
            count: number;
            /** @description From when on. */
            now: string;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
        };
        /** @description A list as it was. */
        FrozenListAnswer: {
            /**
             * Format: int64
             * @description Which one.
             */
            id: number;
            /** @description What it was called. */
            name: string;
        };
        /** @description A segment as it was. */
        FrozenSegmentAnswer: {
            /**
             * Format: int64
             * @description Which one.
             */
            id: number;
            /** @description What it was called. */
            name: string;
            /** @description `dynamic` or `static`. */
            segment_type: string;
            /** @description Of a dynamic one the rule as it was. */
            criteria?: Record<string, never> | null;
        };
        /** @description A source or a gate of an audience. */
        GateAnswer: {
            /** @description `everyone`, `segment`, `customers` or `list`; of a gate also those of a waterfall. */
            kind: string;
            /**
             * Format: int64
             * @description The segment or the list.
             */
            id?: number | null;
            /** @description What it is called. */
            name?: string | null;
            /** @description Whether it has the person. */
            holds: boolean;
            /** @description The reason in one word, such as `in_segment` or `not_in_list`. */
            code: string;
            /** @description Of a gate: the reason of whoever it takes out, as in the breakdown's waterfall. */
            reason?: string | null;
        };
        /** @description Whom to find for an event; the query says the same. */
        GenerateRequest: {
            /**
             * Format: int32
             * @description The least score.
             */
            min_score?: number | null;
        };
        /** @description What was found now. */
        GeneratedAnswer: {
            /**
             * Format: int64
             * @description The event.
             */
            event_id: number;
            /** @description What is kept of it. */
            generated: components["schemas"]["GeneratedFigures"];
            /**
             * Format: int32
             * @description The score of whoever has every reason.
             */
            max_score: number;
            /** @description How many have each score from `min_score` on, the highest first. */
            distribution: components["schemas"]["ScoreCount"][];
            /** @description Every reason that somebody can have. */
            factors: components["schemas"]["FactorAnswer"][];
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
            /** @description The instant. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
            /** @description Remarks. */
            warnings: components["schemas"]["Remark"][];
        };
        /** @description What was found at a moment. */
        GeneratedFigures: {
            /** @description The instant. */
            generated_at: string;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
            /**
             * Format: int32
             * @description The least score that counted.
             */
            min_score: number;
            /**
             * Format: int64
             * @description How many reached it.
             */
            total: number;
        };
        /** @description An audience of a group. */
        GroupedAudience: {
            /**
             * Format: int64
             * @description Which.
             */
            id: number;
            /** @description What it is called. */
            name?: string | null;
        };
        /** @description A server that answers. A caller whom it does not know hears `ok` and nothing else. */
        Health: {
            /** @description Whether everything works. When it does not, questions are answered all the same. */
            ok: boolean;
            /**
             * @description The server's version.
             * @example 0.1.0
             */
            version?: string;
            /**
             * Format: int64
             * @description Version of the data that answers are given from now.
             */
            data_version?: number;
            /**
             * @description `log`: changes survive restarts and power cuts; `memory`: they are gone when the server stops.
             * @example log
             */
            durability?: string;
            /** @description Why nothing can be changed until the server is started again; none while all is well. */
            read_only?: string | null;
            /** @description Erasures that are not made good on disk yet. */
            erasures?: components["schemas"]["PendingErasures"];
            /** @description Why the last change could not be stored: the disk is full. Changes are tried all the same; none once one was stored. */
            storage_full?: string | null;
            /** @description Memory for profiles. */
            memory?: components["schemas"]["Memory"];
            check?: components["schemas"]["Check"] | null;
            /** @description What of the data is damaged, with file and place: nothing is answered from them any more. None while all is well. */
            damage?: string | null;
        };
        /** @description Ids accounted for: entries = distinct + duplicates, distinct = known + unknown. */
        IdReport: {
            /**
             * Format: int64
             * @description Ids given, blank ones not counted.
             */
            entries: number;
            /**
             * Format: int64
             * @description Entries that repeat an earlier one.
             */
            duplicates: number;
            /**
             * Format: int64
             * @description Different ids.
             */
            distinct: number;
            /**
             * Format: int64
             * @description Of those, ids of profiles.
             */
            known: number;
            /**
             * Format: int64
             * @description Of those, ids that no profile has.
             */
            unknown: number;
            /**
             * Format: int64
             * @description Of the unknown, those that are not all digits though every profile's id is.
             */
            of_unknown_malformed: number;
        };
        /** @description What an import did: rows = inserted + updated + unchanged + rejected_total + duplicates_total. */
        ImportReport: {
            /**
             * Format: int64
             * @description Data rows of the body.
             */
            rows: number;
            /**
             * Format: int64
             * @description Profiles that did not exist.
             */
            inserted: number;
            /**
             * Format: int64
             * @description Profiles that existed and are different now.
             */
            updated: number;
            /**
             * Format: int64
             * @description Profiles that existed and are the same.
             */
            unchanged: number;
            /** @description The first rows that did not fit. */
            rejected: components["schemas"]["Rejected"][];
            /**
             * Format: int64
             * @description How many these were.
             */
            rejected_total: number;
            /** @description Ids that came again, once for each repetition; the later row won. */
            duplicates: string[];
            /**
             * Format: int64
             * @description Rows replaced by a later row with the same id.
             */
            duplicates_total: number;
            /** @description Fields that the schema did not have. */
            fields_added: components["schemas"]["NewField"][];
            /**
             * Format: int64
             * @description The version in which the import became visible; of a dry run the one that it was tried on.
             */
            data_version: number;
            /** @description Whether nothing was changed, as was wished. */
            dry_run: boolean;
            /** @description Remarks. */
            warnings: components["schemas"]["Remark"][];
        };
        /** @description How to take an invitation. */
        InvitationRequest: {
            /** @description The invitation, as it was made. */
            invitation: string;
            /** @description The password to sign in with from now on: 12 characters or more. */
            password: string;
        };
        /** @description The same with an invitation. */
        InvitedUserAnswer: components["schemas"]["UserAccountAnswer"] & {
            /** @description What the person takes at `POST /api/session/invitation`; good once, and shown to nobody again. */
            invitation: string;
        };
        /** @description A key. */
        KeyAnswer: {
            /** @description What finds it; may be shown. */
            prefix: string;
            /** @description Whose data it is for. */
            tenant: string;
            /** @description What it may. */
            role: string;
            /** @description What it is for. */
            name: string;
            /** @description Whether it is good now. */
            is_active: boolean;
            /** @description When it was made. */
            created_at: string;
            /** @description Until when it is good. */
            expires_at?: string | null;
            /** @description From when on it is not. */
            revoked_at?: string | null;
            /** @description When it was last used, to the minute. */
            last_used_at?: string | null;
            /**
             * Format: int32
             * @description Requests a second that it may make.
             */
            requests_per_second?: number | null;
            /** @description The prefix of the key that it takes the place of. */
            replaces?: string | null;
            /** @description What to send as `Authorization: Bearer`; only in the answer to its making. */
            key?: string | null;
        };
        /** @description Keys. */
        KeyList: {
            /** @description The oldest first. */
            items: components["schemas"]["KeyAnswer"][];
        };
        /** @description A key to be made. */
        KeyRequest: {
            /**
             * @description `viewer` (counts), `analyst` (and single people, without personal fields), `marketer` (and personal fields; changes
             *     segments, audiences, lists and snapshots), `admin` (everything of one tenant) or `operator` (tenants, keys,
             *     backups).
             */
            role: string;
            /** @description Whose data; the own tenant when left out. */
            tenant?: string | null;
            /** @description What it is for. */
            name?: string | null;
            /** @description Until when it is good; until it is revoked when left out. */
            expires_at?: string | null;
            /**
             * Format: int32
             * @description Requests a second; not bounded when left out.
             */
            requests_per_second?: number | null;
        };
        /** @description What a rule says in vain. */
        LintAnswer: {
            /**
             * Format: int64
             * @description Profiles that the rule selects.
             */
            count: number;
            /** @description What was found. */
            findings: components["schemas"]["FindingAnswer"][];
            /** @description Whether every pair of rules side by side and every segment was compared. */
            is_complete: boolean;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was asked.
             */
            data_version: number;
            /** @description The instant for which it was asked. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description A rule to look at. */
        LintRequest: {
            /** @description A rule tree; this or `text`. */
            criteria?: Record<string, never> | null;
            /** @description The same as text. */
            text?: string | null;
            segment?: components["schemas"]["NameOrId"] | null;
            /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. */
            now?: string | null;
        };
        /** @description An imported list with its match report. */
        ListAnswer: {
            /**
             * Format: int64
             * @description Stable id.
             */
            id: number;
            /** @description What it is called. */
            name: string;
            /** @description When it was imported. */
            created_at: string;
            /**
             * Format: int64
             * @description The suppression that it is kept as.
             */
            suppression?: number | null;
            /** @description Its ids accounted for, as of now. */
            report: components["schemas"]["ListReport"];
            /**
             * Format: int64
             * @description Version of the data that the report is about.
             */
            data_version: number;
        };
        /** @description Lists, a page of them. */
        ListList: {
            /** @description The page. */
            items: components["schemas"]["ListAnswer"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
        };
        /** @description A list's ids accounted for. */
        ListReport: components["schemas"]["IdReport"] & {
            /**
             * Format: int64
             * @description Blank lines and blank ids of the file.
             */
            blank: number;
            /** @description In the answer to the import: rows that could not be read. */
            rejected?: components["schemas"]["Rejected"][] | null;
            /**
             * Format: int64
             * @description In the answer to the import: how many these were.
             */
            rejected_total?: number | null;
        };
        /** @description A list kept as a suppression, or no longer. */
        ListRequest: {
            /** @description Whether the list is kept out of every audience. */
            suppression: boolean;
            /** @description Why; the name of the list when left out. */
            reason?: string | null;
            /** @description From this instant on it holds for nobody. */
            expires_at?: string | null;
            /**
             * Format: int32
             * @description Days that it holds, from when the list was imported.
             */
            keep_days?: number | null;
        };
        /** @description A model and what it is worth. */
        LookalikePreviewAnswer: {
            /**
             * Format: int64
             * @description Look-alikes.
             */
            count: number;
            /** @description The model as it would be saved. */
            lookalike: components["schemas"]["ModelAnswer"];
            /** @description The fields that count: how much each tells by itself, and which share of that counts beside the others. */
            fields: Record<string, never>[];
            /** @description The fields that do not, each with a `code` and `why`. */
            skipped: Record<string, never>[];
            /**
             * @description How the same training on four fifths of the source ranks the other fifth among everybody else: `recovered` among
             *     the `size` with the highest scores, beside `by_chance`, the `lift` over it, and the area under the curve, `auc`.
             *     None where these are too few.
             */
            hold_out?: Record<string, never> | null;
            /** @description People at which `similarity` or a higher one, the most similar first. */
            reach: Record<string, never>[];
            /**
             * Format: int64
             * @description People there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
            /** @description The instant. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description Whom to look for. */
        LookalikeRequest: {
            /** @description The segment whose people others are to be like, by name or id. `source_segment_id` is understood as well. */
            source: components["schemas"]["NameOrId"];
            /**
             * Format: int64
             * @description So many people, those most alike; this, `share` or `min_similarity`.
             */
            size?: number | null;
            /**
             * Format: double
             * @description So large a share of all people, 0 to 1.
             */
            share?: number | null;
            /**
             * Format: double
             * @description Whoever is so similar, 0 to 1.
             */
            min_similarity?: number | null;
            /** @description The fields that may count; all that are fit and do not define the source when left out. */
            fields?: string[] | null;
            /** @description Whether the people of the source are in as well, on top of the size. */
            include_source?: boolean | null;
            /** @description The instant to evaluate the source for, RFC 3339; the server's clock when left out. */
            now?: string | null;
        };
        /** @description How events are matched with customers. */
        MatchingAnswer: {
            /** @description What each reason is worth. */
            weights: {
                [key: string]: number;
            };
            /**
             * Format: int32
             * @description The score of whoever has every reason.
             */
            max_score: number;
            /**
             * Format: int32
             * @description What living in the event's country, but not its city, is worth.
             */
            country_weight: number;
            /**
             * Format: int32
             * @description The least engagement that counts as high.
             */
            engagement_min: number;
            /**
             * Format: int32
             * @description How far a price may lie from somebody's average, in percent of that.
             */
            price_tolerance_percent: number;
            /** @description Names of fields of profiles, by what they are asked for. */
            fields: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
        };
        /** @description How events are to be matched with customers. */
        MatchingRequest: {
            /**
             * @description What each reason is worth, 0 to 1,000: `genre` 25, `type` 20, `artist` 20, `price` 15, `location` 10,
             *     `engagement` 5 and `watchlist` 5 when left out; 0 leaves a reason out.
             */
            weights?: {
                [key: string]: number;
            } | null;
            /**
             * Format: int32
             * @description What living in the event's country, but not its city, is worth; as much as the city when left out.
             */
            country_weight?: number | null;
            /**
             * Format: int32
             * @description The least engagement that counts as high; 70 when left out.
             */
            engagement_min?: number | null;
            /**
             * Format: int32
             * @description How far a price may lie from somebody's average, in percent of that, 0 to 99; 50 when left out. Not used where
             *     profiles have both fields of a price range.
             */
            price_tolerance_percent?: number | null;
            /**
             * @description Names of fields of profiles, by what they are asked for: `genres`, `event_types`, `artists`, `price_min`,
             *     `price_max`, `avg_order`, `city`, `country`, `engagement_score`, `watchlist`.
             */
            fields?: {
                [key: string]: string;
            } | null;
        };
        /** @description How much every two sets share; rows and columns in the order given. */
        MatrixAnswer: {
            /** @description The sets in the order given. */
            sets: components["schemas"]["SetAnswer"][];
            /** @description Profiles in both. */
            intersections: number[][];
            /** @description Those in both, of those in either (Jaccard), to six digits. */
            jaccard: number[][];
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was asked.
             */
            data_version: number;
            /** @description The instant for which it was asked. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description Whoever asks. */
        MeAnswer: {
            /** @description Whose data they are told about. */
            tenant: string;
            /** @description What their key is; none on a server without keys. */
            role?: string | null;
            /** @description The prefix of their key; none on a server without keys. */
            key?: string | null;
            /** @description What they may: of `count`, `read_people`, `see_personal`, `write`, `administer`, `oversee` and `operate`. */
            rights: string[];
            /** @description The currency of their amounts, a code of ISO 4217; none where nobody has said. */
            currency?: string | null;
            /** @description The time zone of their days, a name of the IANA time zone database; none where nobody has said. */
            time_zone?: string | null;
        };
        /** @description A profile. */
        Member: {
            id?: components["schemas"]["ExternalId"] | null;
            /** @description Values by field; missing ones are absent. */
            fields: Record<string, never>;
        };
        /** @description What became of them. */
        MemberChangesAnswer: {
            /**
             * Format: int64
             * @description The segment.
             */
            id: number;
            /**
             * Format: int64
             * @description Its version.
             */
            version: number;
            /**
             * @description `{entries, duplicates, added, already_in, unknown}`: entries = duplicates + added + already_in; unknown are those
             *     added that no profile has yet.
             */
            add: Record<string, never>;
            /** @description `{entries, duplicates, removed, not_in}`: entries = duplicates + removed + not_in. */
            remove: Record<string, never>;
            /**
             * Format: int64
             * @description Profiles in it now.
             */
            count: number;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was counted.
             */
            data_version: number;
            /** @description The instant of the change. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description People to put into a static segment, and to take out. */
        MemberChangesRequest: {
            /** @description External ids to put in. */
            add?: components["schemas"]["ExternalId"][] | null;
            /** @description External ids to take out. */
            remove?: components["schemas"]["ExternalId"][] | null;
            /** @description Who makes the change, in free words. */
            changed_by?: string | null;
        };
        /** @description Profiles, a page of them. */
        Members: {
            /** @description The page. */
            items: components["schemas"]["Member"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many there are on all pages.
             */
            total: number;
            /**
             * Format: int64
             * @description Version of the data that all pages show.
             */
            data_version: number;
            /** @description The instant that all pages are evaluated for. */
            now: string;
        };
        /** @description Memory for profiles. */
        Memory: {
            /**
             * Format: int64
             * @description Bytes of columns, indexes, dictionaries and lists of ids, as they were measured last.
             */
            used_bytes: number;
            /**
             * Format: int64
             * @description Bytes they may take; what would take more is refused. None where there is no bound.
             */
            budget_bytes?: number | null;
            /**
             * Format: int64
             * @description Bytes of files that were mapped at the start. What is in use of them counts as used, though the system may drop it
             *     from memory and read it again.
             */
            mapped_bytes: number;
        };
        /** @description One mistake: where, what, and what would be right. */
        Mistake: {
            /** @description JSON pointer into the request, or `/column` of a row; empty for the whole. */
            pointer: string;
            /** @description Stable kind, such as `unknown_field`. */
            code: string;
            /** @description What is wrong and what would be right. */
            message: string;
            /** @description The nearest existing names or values, best first. */
            suggestions: string[];
            /**
             * Format: int32
             * @description Line in a text, from 1.
             */
            line?: number | null;
            /**
             * Format: int32
             * @description Column in a text, from 1.
             */
            column?: number | null;
        };
        /** @description What a look-alike segment holds. */
        ModelAnswer: {
            /** @description `id` and `name` of the source. */
            source: Record<string, never>;
            /**
             * Format: int64
             * @description What was asked for: one of `size`, `share` and `min_similarity`.
             */
            size?: number | null;
            /** Format: double */
            share?: number | null;
            /** Format: double */
            min_similarity?: number | null;
            /** @description The fields that were allowed to count; none for all. */
            fields?: string[] | null;
            /** @description Whether the people of the source are in as well. */
            include_source: boolean;
            /**
             * Format: int64
             * @description The least score that is in.
             */
            at_least: number;
            /**
             * Format: double
             * @description How similar that is, 0 to 1.
             */
            similarity: number;
            /** @description When it was trained. */
            trained_at: string;
            /**
             * Format: int64
             * @description On which version of the data.
             */
            data_version: number;
            /**
             * Format: int64
             * @description With which version of the source.
             */
            source_version: number;
            /**
             * Format: int64
             * @description People of the source then.
             */
            source_count: number;
            /**
             * Format: int64
             * @description Look-alikes then; who is in follows people's fields, so the size drifts until the segment is refreshed.
             */
            trained_count: number;
            /** @description Traits: `text`, points as `weight`, the shares of the source and of others that have it, and the `lift`. */
            features: Record<string, never>[];
        };
        /** @description Something that is saved, by its id or its name. */
        NameOrId: number | string;
        /** @description A field to add. */
        NewField: {
            /** @description Unique name. */
            name: string;
            /** @description `bool`, `int`, `decimal(2)`, `float`, `keyword`, `keyword_set`, `int_set`, `time` or `date`. */
            type: string;
        };
        /** @description What a new segment has where nothing is said, and what its rule may ask. */
        NewSegmentAnswer: {
            /** @description Empty: a name is wanted. */
            name: string;
            /** @description Empty. */
            description: string;
            /** @description `dynamic`. */
            segment_type: string;
            /** @description A rule that everybody fits. */
            criteria: Record<string, never>;
            /** @description None. */
            tags: string[];
            /** @description `active`. */
            status: string;
            /** @description Nobody. */
            owner: string;
            /** @description Every field that there is, the id first. */
            fields: components["schemas"]["AskableField"][];
        };
        /** @description What a node of a rule contributes. */
        NodeAnswer: {
            /** @description JSON pointer into the rule; "" is the root. */
            pointer: string;
            /**
             * Format: int64
             * @description Profiles for which the node alone holds.
             */
            matched: number;
            /**
             * Format: int64
             * @description Profiles without a value of the field that the node tests.
             */
            missing: number;
            /**
             * Format: int64
             * @description Profiles that the whole rule would select without this node.
             */
            without: number;
        };
        /** @description What became of ids: entries = duplicates + noted + repeated + unknown. */
        NotedAnswer: {
            /**
             * Format: int64
             * @description Ids given.
             */
            entries: number;
            /**
             * Format: int64
             * @description Entries that repeat an earlier one.
             */
            duplicates: number;
            /**
             * Format: int64
             * @description Of profiles, noted now.
             */
            noted: number;
            /**
             * Format: int64
             * @description Noted before.
             */
            repeated: number;
            /**
             * Format: int64
             * @description Of no profile.
             */
            unknown: number;
            /**
             * Format: int64
             * @description Version of the data after it.
             */
            data_version: number;
        };
        /** @description A saved event. */
        OfferAnswer: {
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description What it is called. */
            name: string;
            /** @description Genres it belongs to. */
            genres: string[];
            /** @description Types of event it is. */
            event_types: string[];
            /** @description Who performs. */
            artists: string[];
            /**
             * Format: double
             * @description The cheapest price.
             */
            price_min?: number | null;
            /**
             * Format: double
             * @description The dearest price.
             */
            price_max?: number | null;
            /** @description Where it is. */
            city?: string | null;
            /** @description In which country. */
            country?: string | null;
            /** @description When it begins. */
            starts_at?: string | null;
            /** @description `draft`, `active` or `archived`. */
            status: string;
            /** @description When it was made. */
            created_at: string;
            /** @description When it was last changed. */
            updated_at: string;
            generated?: components["schemas"]["GeneratedFigures"] | null;
            /**
             * Format: int64
             * @description Version of the data; left out of lists.
             */
            data_version?: number | null;
        };
        /** @description Events, a page of them. */
        OfferList: {
            /** @description The page. */
            items: components["schemas"]["OfferAnswer"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many there are.
             */
            total: number;
        };
        /** @description An event to save. */
        OfferRequest: {
            /**
             * Format: int64
             * @description An id of your own, from 1 on; the next free one when left out.
             */
            id?: number | null;
            /** @description What it is called. */
            name: string;
            /** @description Genres it belongs to, spelled as in profiles. */
            genres?: string[] | null;
            /** @description Types of event it is. */
            event_types?: string[] | null;
            /** @description Who performs. */
            artists?: string[] | null;
            /**
             * Format: double
             * @description The cheapest price, in the tenant's currency, with at most four digits after the point; `price_max` when left out.
             */
            price_min?: number | null;
            /**
             * Format: double
             * @description The dearest price; `price_min` when left out.
             */
            price_max?: number | null;
            /** @description Where it is. */
            city?: string | null;
            /** @description In which country. */
            country?: string | null;
            /** @description When it begins, RFC 3339. */
            starts_at?: string | null;
            /** @description `draft`, `active` (when left out) or `archived`; people are shown active ones. */
            status?: string | null;
        };
        /** @description A segment to make of an event. */
        OfferSegmentRequest: {
            /**
             * Format: int32
             * @description The least score of its members; 1 when left out.
             */
            min_score?: number | null;
            /** @description Its name; "Best fit for" and that of the event when left out. */
            name?: string | null;
            /** @description `dynamic` (when left out) or `static`. */
            segment_type?: string | null;
            /** @description Who makes it, in free words. */
            changed_by?: string | null;
        };
        /** @description Signing in at an issuer of OpenID Connect. */
        OpenIdOption: {
            /** @description What a button says that leads to `GET /api/session/openid`. */
            label: string;
        };
        /** @description Who is in exactly which sets. */
        OverlapAnswer: {
            /** @description The sets in the order given. */
            sets: components["schemas"]["SetAnswer"][];
            /**
             * Format: int64
             * @description Profiles in any of them.
             */
            union: number;
            /** @description Every combination that somebody is in; they add up to `union`. */
            combinations: components["schemas"]["CombinationAnswer"][];
            /** @description Every two sets, and how many are in both. */
            pairs: components["schemas"]["CombinationAnswer"][];
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was asked.
             */
            data_version: number;
            /** @description The instant for which it was asked. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description Sets to compare. */
        OverlapRequest: {
            /**
             * @description Each a `segment` or an `audience` by id or name, a `list` or a `snapshot` by id, or a rule as `criteria` or `text`; with
             *     a `label` if wanted.
             * @example [
             *       {
             *         "segment": "vip"
             *       },
             *       {
             *         "text": "country is \"DE\""
             *       }
             *     ]
             */
            sets: Record<string, never>[];
            /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. */
            now?: string | null;
        };
        /** @description How to change the own password. */
        PasswordRequest: {
            /** @description The password until now. */
            old_password: string;
            /** @description The password from now on: 12 characters or more. */
            password: string;
        };
        /** @description A changed profile. */
        PatchAnswer: {
            id?: components["schemas"]["ExternalId"] | null;
            /** @description Values by field after the change. */
            fields: Record<string, never>;
            /** @description Whether anything is different now. */
            changed: boolean;
            /**
             * Format: int64
             * @description The version in which the change became visible.
             */
            data_version: number;
        };
        /** @description Erasures that are not made good on disk. */
        PendingErasures: {
            /**
             * Format: int64
             * @description How many.
             */
            pending: number;
            /** @description When the oldest was made; none when none is pending, or an older version made it. */
            oldest_at?: string | null;
            /** @description Until when files may name somebody. */
            on_disk_until?: string | null;
            /** @description Whether that has passed. */
            overdue: boolean;
        };
        /** @description A percentile. */
        PercentileAnswer: {
            /**
             * Format: double
             * @description As the request named it.
             */
            percentile: number;
            /** @description The value; `null` where no profile has one. */
            value?: unknown;
        };
        /** @description What one node says about a person. */
        PersonNode: {
            /** @description JSON pointer into the rule; a segment's rule stands at `criteria` of the test that names the segment. */
            pointer: string;
            /** @description Whether the node holds. */
            holds: boolean;
            /** @description `group`, `segment`, `lookalike` or `test`. */
            kind: string;
            /** @description Of a group: `all`, `any` or `none`. */
            match?: string | null;
            /** @description Of a segment: `id` and `name`. */
            segment?: Record<string, never> | null;
            /** @description Of a segment: `in` or `not_in`. */
            operator?: string | null;
            /**
             * Format: int64
             * @description Of a look-alike segment: what the person's traits add up to.
             */
            score?: number | null;
            /**
             * Format: int64
             * @description Of a look-alike segment: the score that it takes.
             */
            at_least?: number | null;
            /**
             * Format: double
             * @description Of a look-alike segment: how similar the person is, 0 to 1.
             */
            similarity?: number | null;
            /** @description Of a look-alike segment: each trait of the person as `text`, with its points as `weight`, the most first. */
            contributions?: Record<string, never>[] | null;
            /** @description Of a test: the field. */
            field?: string | null;
            /** @description Of a test: the person's value; `null` when there is none. */
            value?: unknown;
            /** @description The test as text. */
            text?: string | null;
            /** @description What the value says to the test. */
            words?: string | null;
            /**
             * @description What turns the verdict: `{"kind": "value", "value": ...}`, or another `kind`: `no_value`, `any_value`,
             *     `fitting_value`, `on_list`, `off_list`, `other_events`, `impossible`.
             */
            remedy?: Record<string, never> | null;
            /** @description Instants at which time alone turns the test, ascending: `at`, and whether it `holds` from then on. */
            turns?: Record<string, never>[] | null;
        };
        /** @description Which events fit somebody best. */
        PersonRecommendationsAnswer: {
            /** @description External id. */
            customer_id: components["schemas"]["ExternalId"];
            /**
             * Format: int64
             * @description Events on this page.
             */
            count: number;
            /**
             * Format: int64
             * @description Events that reach `min_score`.
             */
            total: number;
            /**
             * Format: int32
             * @description The score of an event for which there is every reason.
             */
            max_score: number;
            /** @description The best first, of equal ones the one that begins first. */
            events: components["schemas"]["RecommendedEvent"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
            /** @description The instant. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description Which fields are personal. */
        PersonalFields: {
            /**
             * @description Names of fields.
             * @example [
             *       "email",
             *       "phone"
             *     ]
             */
            fields: string[];
        };
        /** @description A point of a curve. */
        PointAnswer: {
            /** @description What would be written. */
            threshold: unknown;
            /**
             * Format: int64
             * @description What the rule would select.
             */
            count: number;
        };
        /** @description How many people there are, day by day. */
        PopulationAnalytics: {
            /** @description The days in which some came or were erased, ascending: `entered` came, `left` were erased. */
            items: components["schemas"]["SizePoint"][];
            /**
             * Format: int64
             * @description People before these days; none where nobody counted then.
             */
            count_before?: number | null;
            /**
             * Format: int64
             * @description Days that are looked back.
             */
            days: number;
            /**
             * Format: int64
             * @description People there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
            /** @description The instant. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description How many, and who. */
        PreviewAnswer: {
            /**
             * Format: int64
             * @description Profiles that the rule selects; exact.
             */
            count: number;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /** @description The first members. */
            sample: components["schemas"]["Member"][];
            /**
             * Format: int64
             * @description Version of the data that was counted.
             */
            data_version: number;
            /** @description The instant for which it was counted. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds from reading the request to the answer.
             */
            took_us: number;
            /** @description Remarks, such as values that no profile has. */
            warnings: components["schemas"]["Remark"][];
            /** @description With `explain`: every node in reading order, the root first. */
            nodes?: components["schemas"]["NodeAnswer"][] | null;
            /** @description With `written`: the rule. */
            criteria?: Record<string, never> | null;
            /** @description With `written`: the same as text. */
            text?: string | null;
        };
        /** @description A rule that need not be saved. */
        PreviewRequest: {
            /** @description A rule tree; this or `text`. */
            criteria?: Record<string, never> | null;
            /**
             * @description The same as text.
             * @example total_spent >= 100 and last_purchase within 90 days
             */
            text?: string | null;
            /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. */
            now?: string | null;
            /**
             * Format: int32
             * @description Members to show, 0 to 1,000; 10 when left out.
             */
            sample?: number | null;
            /** @description Counts of every node of the rule. */
            explain?: boolean | null;
            /** @description Warnings tell what the rule says in vain as well, as `/api/segments/lint` does. */
            lint?: boolean | null;
            /** @description The rule is answered as well, as `criteria` and as `text`: so one form becomes the other. */
            written?: boolean | null;
        };
        /** @description A refusal, as RFC 9457 wants it. */
        ProblemDetails: {
            /** @description Always `about:blank`: the title is that of the status, and `errors` says the rest. */
            type: string;
            /** @description The status in words. */
            title: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description What is wrong, in one sentence. */
            detail: string;
            /** @description Every mistake that was found. */
            errors: components["schemas"]["Mistake"][];
            /** @description With a 409 because something is used: who uses it. */
            used_by?: components["schemas"]["UserAnswer"][] | null;
            /** @description With a 5xx: what to name when asking about it. */
            request_id?: string | null;
        };
        /** @description One profile, and the segments it is in. */
        ProfileAnswer: {
            id?: components["schemas"]["ExternalId"] | null;
            /** @description Values by field; missing ones are absent. */
            fields: Record<string, never>;
            /** @description Segments it is in, with id and name. */
            segments: Record<string, never>[];
            /**
             * Format: int64
             * @description Version of the data that was read.
             */
            data_version: number;
            /** @description The instant for which the segments were evaluated. */
            now: string;
        };
        /** @description Fields to change. */
        ProfilePatch: {
            /** @description New values by field; `null` takes a value away. */
            fields: Record<string, never>;
        };
        /** @description A question as far as it was understood. */
        PromptAnswer: {
            /** @description As it was asked. */
            prompt: string;
            /** @description The rule; none when nothing was understood. */
            criteria?: Record<string, never> | null;
            /** @description The same as text. */
            text?: string | null;
            /**
             * Format: int64
             * @description Profiles that it selects.
             */
            count?: number | null;
            /** @description Whether every word was understood or says nothing. */
            is_complete: boolean;
            /** @description Parts, or single words, that were not understood and are not in the rule. */
            not_understood: string[];
            /** @description Each part with the test that it became, notes, and its words that were not understood. */
            parts: Record<string, never>[];
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
            /** @description The instant. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description A question. */
        PromptRequest: {
            /**
             * @description In everyday English.
             * @example Show me people who haven't visited in 5 months but spent more than 5000 rupees
             */
            prompt: string;
            /** @description The instant to count for, RFC 3339; the server's clock when left out. */
            now?: string | null;
        };
        /** @description Something that people are contacted for. */
        PurposeAnswer: {
            /** @description Its name, in lower case. */
            name: string;
            /**
             * Format: int64
             * @description People who grant it at present.
             */
            granted: number;
            /**
             * Format: int64
             * @description People who have withdrawn.
             */
            withdrawn: number;
        };
        /** @description What a tenant may have; none where that is not bounded. */
        QuotaAnswer: {
            /**
             * Format: int64
             * @description Profiles.
             */
            profiles?: number | null;
            /**
             * Format: int64
             * @description Segments.
             */
            segments?: number | null;
            /**
             * Format: int64
             * @description Events.
             */
            events?: number | null;
            /**
             * Format: int64
             * @description Bytes of memory for profiles.
             */
            bytes?: number | null;
            /**
             * Format: int32
             * @description Requests a second.
             */
            requests_per_second?: number | null;
        };
        /** @description A range of percent of all people, dealt by a salt. */
        RangeAnswer: {
            /** @description What tells one dealing from another. */
            salt: string;
            /**
             * Format: double
             * @description Where it begins, 0 to 100, with at most four digits after the point.
             */
            from: number;
            /**
             * Format: double
             * @description Where it ends; not in it any more.
             */
            to: number;
        };
        /** @description The rule's count by the threshold. */
        ReachAnswer: {
            /** @description The test. */
            pointer: string;
            /** @description `low` or `high`: the end that moves. */
            end: string;
            /** @description What is written now. */
            threshold: unknown;
            /**
             * Format: int64
             * @description What the rule selects now.
             */
            count: number;
            /** @description Other thresholds, each the value of somebody for whom the test matters. */
            points: components["schemas"]["PointAnswer"][];
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was asked.
             */
            data_version: number;
            /** @description The instant for which it was asked. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description A threshold of a rule. */
        ReachRequest: {
            /** @description A rule tree; this or `text`. */
            criteria?: Record<string, never> | null;
            /** @description The same as text. */
            text?: string | null;
            /**
             * @description JSON pointer of a test by >, >=, <, <=, between or a window of days.
             * @example /rules/1
             */
            pointer: string;
            /** @description Of `between`: `low` or `high`. */
            end?: string | null;
            /**
             * Format: int32
             * @description Points of the curve at most, 1 to 101; 21 when left out.
             */
            points?: number | null;
            /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. */
            now?: string | null;
        };
        /** @description A reason, and what it is worth. */
        ReasonAnswer: {
            /** @description `genre_match`, `type_match`, `artist_match`, `price_fit`, `location_match`, `high_engagement` or `on_watchlist`. */
            reason: string;
            /**
             * Format: int32
             * @description Its weight.
             */
            weight: number;
        };
        /** @description That there was nothing to rebuild. */
        RebuildAnswer: {
            /**
             * Format: int64
             * @description Profiles there are.
             */
            profiles: number;
            /**
             * Format: int64
             * @description Those of them whose computed fields were made anew; none where there are no such fields.
             */
            rebuilt: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
        };
        /** @description How far a rebuild is. */
        RebuildProgress: {
            /** @description Whether one is under way. */
            running: boolean;
            /**
             * Format: int64
             * @description Values that are made.
             */
            values_done: number;
            /**
             * Format: int64
             * @description Values that are to be made; 0 until that is known.
             */
            values_total: number;
        };
        /** @description A segment or an audience was made or changed. */
        RecentChange: {
            /** @description `segment` or `audience`. */
            kind: string;
            /**
             * Format: int64
             * @description Which.
             */
            id: number;
            /** @description What it is called now, or was then. */
            name: string;
            /**
             * Format: int64
             * @description The version that came about.
             */
            version: number;
            /** @description `created` or `changed`. */
            change: string;
            /** @description When. */
            saved_at: string;
            /** @description Who, in free words. */
            changed_by: string;
        };
        /** @description Whom an event fits best. */
        RecommendationsAnswer: {
            /**
             * Format: int64
             * @description The event.
             */
            event_id: number;
            /**
             * Format: int64
             * @description Customers on this page.
             */
            count: number;
            /**
             * Format: int64
             * @description Customers who reach `min_score`; exact.
             */
            total: number;
            /**
             * Format: int32
             * @description The least score that counts.
             */
            min_score: number;
            /**
             * Format: int32
             * @description The score of whoever has every reason.
             */
            max_score: number;
            /** @description The best first. */
            customers: components["schemas"]["RecommendedCustomer"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
            /** @description How many have each score from `min_score` on, the highest first. */
            distribution: components["schemas"]["ScoreCount"][];
            /** @description Every reason that somebody can have, with the number of those who have it, whatever their score. */
            factors: components["schemas"]["FactorAnswer"][];
            generated?: components["schemas"]["GeneratedFigures"] | null;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that all pages show.
             */
            data_version: number;
            /** @description The instant that all pages are evaluated for. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
            /** @description Reasons that nobody can have because a field is not there, and words that nobody has. */
            warnings: components["schemas"]["Remark"][];
        };
        /** @description Somebody whom an event fits. */
        RecommendedCustomer: {
            /** @description External id, as it was loaded: a number or a string. */
            customer_id: components["schemas"]["ExternalId"];
            /** @description Their address, where profiles have a field `email`. */
            email?: string | null;
            /**
             * Format: int32
             * @description The sum of the reasons' weights.
             */
            score: number;
            /**
             * Format: double
             * @description The score as a share of `max_score`, where that is not 100.
             */
            relative?: number | null;
            /** @description Why. */
            reasons: components["schemas"]["ReasonAnswer"][];
        };
        /** @description An event that fits somebody. */
        RecommendedEvent: {
            /**
             * Format: int64
             * @description Its id.
             */
            event_id: number;
            /** @description What it is called. */
            name: string;
            /** @description When it begins. */
            starts_at?: string | null;
            /**
             * Format: int32
             * @description The sum of the reasons' weights.
             */
            score: number;
            /**
             * Format: double
             * @description The score as a share of `max_score`, where that is not 100.
             */
            relative?: number | null;
            /** @description Why. */
            reasons: components["schemas"]["ReasonAnswer"][];
        };
        /** @description A row that was kept back. */
        Rejected: {
            /**
             * Format: int64
             * @description Number of the data row, from 1.
             */
            row: number;
            /** @description Everything wrong with it. */
            errors: components["schemas"]["Remark"][];
        };
        /** @description How to select so many. */
        RelaxAnswer: {
            /**
             * Format: int64
             * @description What the rule selects now.
             */
            count: number;
            /**
             * Format: int64
             * @description People wanted.
             */
            target: number;
            /** @description Whether it selects so many already. */
            is_reached: boolean;
            /** @description Whether it does or a way was found. */
            is_possible: boolean;
            /**
             * Format: int64
             * @description The most that was found to be reachable on the way.
             */
            most: number;
            /** @description One threshold alone, the least move first. */
            single: components["schemas"]["RelaxationAnswer"][];
            combined?: components["schemas"]["RelaxationAnswer"] | null;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was asked.
             */
            data_version: number;
            /** @description The instant for which it was asked. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description A rule, and how many people it is to select. */
        RelaxRequest: {
            /** @description A rule tree; this or `text`. */
            criteria?: Record<string, never> | null;
            /** @description The same as text. */
            text?: string | null;
            /**
             * Format: int64
             * @description People wanted at least.
             */
            target: number;
            /** @description The instant to evaluate for, RFC 3339; the server's clock when left out. */
            now?: string | null;
        };
        /** @description A loosened rule. */
        RelaxationAnswer: {
            /** @description What was moved: `pointer`, `end`, `from`, `to`. */
            steps: Record<string, never>[];
            /**
             * Format: int64
             * @description What the rule selects then.
             */
            count: number;
            /**
             * Format: int64
             * @description Profiles whose values lie between the old thresholds and the new.
             */
            profiles_between: number;
            /**
             * Format: double
             * @description The same as a share of all profiles.
             */
            share_between: number;
            /** @description The rule then. */
            criteria: Record<string, never>;
            /** @description The same as text. */
            text: string;
        };
        /** @description A remark that is no mistake. */
        Remark: {
            /** @description Where. */
            pointer: string;
            /** @description Stable kind. */
            code: string;
            /** @description In words. */
            message: string;
            /** @description What may have been meant. */
            suggestions: string[];
        };
        /** @description Who makes a version current again. */
        RestoreRequest: {
            /** @description In free words. */
            changed_by?: string | null;
        };
        /** @description How to replace a key. */
        RotationRequest: {
            /**
             * Format: int64
             * @description Seconds that the old key stays good; a day when left out.
             */
            overlap_seconds?: number | null;
        };
        /** @description Something that was said. */
        SaidAnswer: {
            /** @description What. */
            state: components["schemas"]["ConsentStateName"];
            /** @description Where. */
            source: string;
            /** @description When, in whole seconds. */
            time: string;
        };
        /** @description Which fields there are. */
        SchemaAnswer: {
            /** @description What the external id is called, and its operators. */
            id_field: Record<string, never>;
            /** @description The fields in the order they were added. */
            fields: components["schemas"]["FieldAnswer"][];
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was described.
             */
            data_version: number;
        };
        /** @description Fields to add. */
        SchemaRequest: {
            /** @description The fields. */
            fields: components["schemas"]["DeclaredField"][];
        };
        /** @description How many have a score. */
        ScoreCount: {
            /**
             * Format: int32
             * @description The score.
             */
            score: number;
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
        };
        /** @description All segments that are not archived. */
        SegmentAnalytics: {
            /** @description By id. */
            items: components["schemas"]["SegmentPerformance"][];
            /**
             * Format: int64
             * @description Days that are looked back.
             */
            days: number;
            /** @description From when on `entered_since` and `left_since` count: the begin of the hour that was asked, UTC. */
            since?: string | null;
            /**
             * Format: int64
             * @description People there are.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
            /** @description The instant. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description A saved segment with its current size. */
        SegmentAnswer: {
            /**
             * Format: int64
             * @description Stable id.
             */
            id: number;
            /** @description Unique name. */
            name: string;
            /** @description What it is for. */
            description: string;
            /** @description `dynamic`, `static` or `lookalike`. */
            segment_type: string;
            /** @description The rule of a dynamic segment. */
            criteria?: Record<string, never> | null;
            /** @description The same as text. */
            text?: string | null;
            customers?: components["schemas"]["IdReport"] | null;
            lookalike?: components["schemas"]["ModelAnswer"] | null;
            /** @description The rule as older systems write it: `{logic, rules}`. */
            conditions?: Record<string, never> | null;
            /** @description Words to find it by. */
            tags: string[];
            /** @description `draft`, `active` or `archived`. */
            status: string;
            /** @description Whether that is `active`. */
            is_active: boolean;
            /** @description Who answers for it. */
            owner: string;
            /**
             * Format: int64
             * @description The number of this version; also in the `ETag`.
             */
            version: number;
            /** @description Who saved it last. */
            changed_by: string;
            /**
             * Format: int64
             * @description Profiles in it; exact. Left out of lists with `counts=false`.
             */
            count?: number | null;
            /**
             * Format: int64
             * @description Profiles there are.
             */
            population: number;
            /** @description When it was made. */
            created_at: string;
            /** @description When it was last changed. */
            updated_at: string;
            /**
             * Format: int64
             * @description Version of the data that was counted.
             */
            data_version: number;
            /** @description The instant for which it was counted. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
            /** @description Remarks. */
            warnings: components["schemas"]["Remark"][];
        };
        /** @description Segments, a page of them. */
        SegmentList: {
            /** @description The page. */
            items: components["schemas"]["SegmentAnswer"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many there are.
             */
            total: number;
        };
        /** @description How one segment does. */
        SegmentPerformance: {
            /**
             * Format: int64
             * @description Which.
             */
            id: number;
            /** @description Its name. */
            name: string;
            /** @description `dynamic`, `static` or `lookalike`. */
            segment_type: string;
            /** @description `draft` or `active`. */
            status: string;
            /**
             * Format: int64
             * @description People in it; exact.
             */
            count: number;
            /**
             * Format: double
             * @description Their share of all people; none where there is nobody.
             */
            share?: number | null;
            /**
             * Format: int64
             * @description How often somebody entered in these days.
             */
            entered: number;
            /**
             * Format: int64
             * @description How often somebody left.
             */
            left: number;
            /**
             * Format: int64
             * @description People before these days; none of a segment that is younger.
             */
            count_before?: number | null;
            /**
             * Format: double
             * @description How much larger it is since: 0.1 is a tenth.
             */
            growth?: number | null;
            /** @description The days in which it changed, ascending. */
            trend: components["schemas"]["SizePoint"][];
            /**
             * Format: int64
             * @description How often somebody entered from `since` on; none where that was not asked.
             */
            entered_since?: number | null;
            /**
             * Format: int64
             * @description How often somebody left from `since` on; none where that was not asked.
             */
            left_since?: number | null;
        };
        /** @description A segment to save. */
        SegmentRequest: {
            /** @description Unique name. */
            name: string;
            /** @description What it is for. */
            description?: string | null;
            /** @description `dynamic` (a rule), `static` (ids) or `lookalike` (people like those of another segment). */
            segment_type?: string | null;
            /** @description The rule of a dynamic segment; this or `text`. `conditions` is understood as well. */
            criteria?: Record<string, never> | null;
            /** @description The same as text. */
            text?: string | null;
            /** @description The external ids of a static segment. */
            customers?: components["schemas"]["ExternalId"][] | null;
            /**
             * Format: int64
             * @description Instead of `customers`: the people of this imported list.
             */
            from_list?: number | null;
            from_segment?: components["schemas"]["NameOrId"] | null;
            /**
             * Format: int64
             * @description Instead of `customers`: whoever is in this audience now.
             */
            from_audience?: number | null;
            source?: components["schemas"]["NameOrId"] | null;
            /**
             * Format: int64
             * @description So many people, those most alike.
             */
            size?: number | null;
            /**
             * Format: double
             * @description So large a share of all people, 0 to 1.
             */
            share?: number | null;
            /**
             * Format: double
             * @description Whoever is so similar, 0 to 1.
             */
            min_similarity?: number | null;
            /** @description The fields that may count; all that are fit and do not define the source when left out. */
            fields?: string[] | null;
            /** @description Whether the people of the source are in as well. */
            include_source?: boolean | null;
            /** @description Words to find it by; kept in lower case, each once. */
            tags?: string[] | null;
            /** @description `draft`, `active` (when left out) or `archived`. */
            status?: string | null;
            /** @description `true` is `active`, `false` is `archived`. */
            is_active?: boolean | null;
            /** @description Who answers for it, in free words. */
            owner?: string | null;
            /** @description Who makes this change, in free words. */
            changed_by?: string | null;
            /** @description Of a change: that it is meant, however many people it moves. */
            confirm?: boolean | null;
            /**
             * Format: double
             * @description Of a change: the share of the members, 0 to 1, that may move without being confirmed; 0.2 and at least 1,000 people
             *     when left out.
             */
            max_change_share?: number | null;
        };
        /** @description A ready-made segment. */
        SegmentTemplateAnswer: {
            /** @description How it is asked for. */
            name: string;
            /** @description What it is called when it is saved. */
            title: string;
            /** @description Whom it selects. */
            description: string;
            /** @description Its rule. */
            criteria: Record<string, never>;
            /** @description Fields that it needs and that are not there. */
            missing_fields: string[];
            /** @description Types of events that it needs and that are not there. */
            missing_events: string[];
        };
        /** @description Ready-made segments. */
        SegmentTemplateList: {
            /** @description All of them. */
            templates: components["schemas"]["SegmentTemplateAnswer"][];
        };
        /** @description How to save a ready-made segment. */
        SegmentTemplateRequest: {
            /** @description What to call it; its title when left out. */
            name?: string | null;
        };
        /** @description Who one is. */
        SessionAnswer: {
            /** @description `session` (signed in), `key`, or `open` on a server without keys and people, where everybody may everything. */
            by: string;
            /** @description Whose data. */
            tenant: string;
            /** @description Who is signed in. */
            name?: string | null;
            /** @description The prefix of the key. */
            key?: string | null;
            /** @description The role of the account or the key. */
            role?: string | null;
            /** @description What one may: `count`, `read_people`, `see_personal`, `write`, `administer`, `oversee`, `operate`. */
            rights: string[];
            /** @description Personal fields of the tenant that one may not see. */
            hidden_fields: string[];
            /** @description The currency of the tenant's amounts, a code of ISO 4217; none where nobody has said. */
            currency?: string | null;
            /** @description The time zone of the tenant's days, a name of the IANA time zone database; none where nobody has said. */
            time_zone?: string | null;
            /** @description When the session ends if nobody uses it any more. */
            ends_at?: string | null;
            /**
             * Format: int64
             * @description Seconds after which an unused session ends.
             */
            idle_seconds_max?: number | null;
        };
        /** @description One of the sets. */
        SetAnswer: {
            /** @description `segment`, `audience`, `list`, `snapshot` or `rule`. */
            kind: string;
            /**
             * Format: int64
             * @description Of all but a rule.
             */
            id?: number | null;
            /** @description As the request called it, or its name. */
            label?: string | null;
            /**
             * Format: int64
             * @description Profiles in it.
             */
            count: number;
            /**
             * Format: int64
             * @description Profiles in it and in no other; of combinations only.
             */
            only?: number | null;
        };
        /** @description So many percent of all people, dealt by a salt. */
        ShareAnswer: {
            /**
             * Format: double
             * @description 0 to 100, with at most four digits after the point.
             */
            percent: number;
            /** @description What tells one dealing from another. */
            salt: string;
        };
        /** @description How one can sign in here. */
        SignInOptions: {
            openid?: components["schemas"]["OpenIdOption"] | null;
        };
        /** @description How to sign in. */
        SignInRequest: {
            /**
             * @description The name of the account, in any case.
             * @example ann@example.com
             */
            name: string;
            /** @description The password. */
            password: string;
            /** @description The tenant of the account; `default` when left out. */
            tenant?: string | null;
        };
        /** @description A size at an instant. */
        SizeAt: {
            /** @description When. */
            at: string;
            /**
             * Format: int64
             * @description Profiles then.
             */
            count: number;
        };
        /** @description A segment's size through time. */
        SizeHistory: {
            /** @description Hours or days in which it changed, ascending. */
            items: components["schemas"]["SizePoint"][];
            /** @description `hour` or `day`. */
            resolution: string;
            /**
             * Format: int64
             * @description Profiles now.
             */
            count: number;
        };
        /** @description An hour or a day. */
        SizePoint: {
            /** @description When it begins, UTC. */
            from: string;
            /**
             * Format: int64
             * @description Profiles at its end.
             */
            count: number;
            /**
             * Format: int64
             * @description Profiles that entered.
             */
            entered: number;
            /**
             * Format: int64
             * @description Profiles that left.
             */
            left: number;
        };
        /** @description A snapshot. */
        SnapshotAnswer: components["schemas"]["SnapshotSummary"] & {
            /** @description How the audience came about: base - excluded_total = count. */
            breakdown: components["schemas"]["BreakdownAnswer"];
            /** @description The frozen definition. */
            definition: Record<string, never>;
            /** @description The segments that it led to, as they were. */
            segments: components["schemas"]["FrozenSegmentAnswer"][];
            /** @description The lists that it named. */
            lists: components["schemas"]["FrozenListAnswer"][];
        };
        /** @description What lies between two snapshots. */
        SnapshotDifferenceAnswer: {
            /**
             * Format: int64
             * @description The earlier one.
             */
            from: number;
            /**
             * Format: int64
             * @description The later one.
             */
            to: number;
            /**
             * Format: int64
             * @description Members of the later one only.
             */
            entered: number;
            /**
             * Format: int64
             * @description Members of the earlier one only.
             */
            left: number;
            /**
             * Format: int64
             * @description Members of both.
             */
            unchanged: number;
            /** @description The first who entered. */
            entered_sample: components["schemas"]["Member"][];
            /** @description The first who left. */
            left_sample: components["schemas"]["Member"][];
            /**
             * Format: int64
             * @description Version of the data whose values are shown.
             */
            data_version: number;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description Snapshots, a page of them. */
        SnapshotList: {
            /** @description The page. */
            items: components["schemas"]["SnapshotSummary"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many there are.
             */
            total: number;
        };
        /** @description How an audience is frozen. */
        SnapshotRequest: {
            /** @description The instant to evaluate for; the present one when left out. */
            now?: string | null;
            /** @description An audience without any include key is everybody: freezing it has to be confirmed. */
            confirm_everyone?: boolean | null;
        };
        /** @description A snapshot in a list. */
        SnapshotSummary: {
            /**
             * Format: int64
             * @description Stable, never given again.
             */
            id: number;
            /**
             * Format: int64
             * @description The audience it was taken of, which may be gone.
             */
            audience_id: number;
            /** @description What that was called. */
            name: string;
            /**
             * Format: int64
             * @description Members there were.
             */
            count: number;
            /**
             * Format: int64
             * @description Members that were erased since.
             */
            erased: number;
            /** @description SHA-256 of the rows of the members there were, in the portable roaring format. */
            digest: string;
            /**
             * Format: int64
             * @description Profiles there were.
             */
            population: number;
            /**
             * Format: int64
             * @description Version of the data that was evaluated.
             */
            data_version: number;
            /** @description The instant that was evaluated for. */
            now: string;
            /** @description When it was taken. */
            created_at: string;
        };
        /** @description What a list or the ids of a definition did. */
        SourceReport: components["schemas"]["IdReport"] & {
            /**
             * Format: int64
             * @description The list.
             */
            id?: number | null;
            /**
             * Format: int64
             * @description Blank lines and blank ids of the file.
             */
            blank?: number | null;
            /**
             * Format: int64
             * @description Included: profiles that no earlier source had.
             */
            added?: number | null;
            /**
             * Format: int64
             * @description Excluded: profiles of the base among them.
             */
            removed?: number | null;
        };
        /** @description A suppression with its size. */
        SuppressionAnswer: {
            /**
             * Format: int64
             * @description Stable id.
             */
            id: number;
            /** @description Why it is kept. */
            name: string;
            /**
             * Format: int64
             * @description The list whose people are on it.
             */
            list?: number | null;
            /** @description From this instant on it holds for nobody. */
            expires_at?: string | null;
            /**
             * Format: int32
             * @description Days that each person is on it.
             */
            keep_days?: number | null;
            /** @description When it was made. */
            created_at: string;
            /**
             * Format: int64
             * @description Profiles on it at `now`; exact.
             */
            count: number;
            /**
             * Format: int64
             * @description Ids on it that no profile has yet.
             */
            waiting: number;
            /** @description The instant for which it was counted. */
            now: string;
            /**
             * Format: int64
             * @description Version of the data that was counted.
             */
            data_version: number;
        };
        /** @description Suppressions, a page of them. */
        SuppressionList: {
            /** @description The page. */
            items: components["schemas"]["SuppressionAnswer"][];
            /** @description For the next page; none after the last. */
            next_cursor?: string | null;
        };
        /** @description People to put on a suppression. */
        SuppressionMembersRequest: {
            /** @description External ids. */
            ids: components["schemas"]["ExternalId"][];
            /** @description When they were added, RFC 3339; the present when left out. */
            time?: string | null;
        };
        /** @description A suppression to keep. */
        SuppressionRequest: {
            /** @description Why it is kept: "unsubscribed", "contacted in the last 7 days". */
            name: string;
            /**
             * Format: int64
             * @description A list whose people are on it; without one it begins with nobody.
             */
            list?: number | null;
            /** @description From this instant on it holds for nobody. */
            expires_at?: string | null;
            /**
             * Format: int32
             * @description Days that each person is on it, from when they were added; without it for ever.
             */
            keep_days?: number | null;
        };
        /** @description A ready-made set of computed fields. */
        TemplateAnswer: {
            /** @description How it is asked for. */
            name: string;
            /** @description What it is for. */
            about: string;
            /** @description Types of events that it is made from. */
            event_types: string[];
            /** @description Its fields. */
            fields: components["schemas"]["ComputedFieldShape"][];
        };
        /** @description Ready-made sets of computed fields. */
        TemplateList: {
            /** @description All of them. */
            templates: components["schemas"]["TemplateAnswer"][];
        };
        /** @description Which ready-made set of computed fields to declare. */
        TemplateRequest: {
            /**
             * @description Its name: `shop` or `events`.
             * @example shop
             */
            template: string;
        };
        /** @description A tenant. */
        TenantAnswer: {
            /** @description Its id. */
            id: string;
            /** @description When it was made; none for the one that every server has. */
            created_at?: string | null;
            /** @description Since when everybody is refused. */
            suspended_at?: string | null;
            /** @description The currency of its amounts, a code of ISO 4217; none where nobody has said. */
            currency?: string | null;
            /** @description The time zone of its days, a name of the IANA time zone database; none where nobody has said. */
            time_zone?: string | null;
            /** @description What it may have. */
            quota: components["schemas"]["QuotaAnswer"];
        };
        /** @description The receipt of a tenant that was deleted. */
        TenantDeletion: {
            /**
             * Format: int64
             * @description Its number.
             */
            receipt: number;
            /** @description Who it was. */
            tenant: string;
            /** @description When it was asked for: nobody reached the tenant from then on. */
            asked_at: string;
            /** @description When its files were gone; none while they are not. */
            files_gone_at?: string | null;
        };
        /** @description Receipts of tenants that were deleted. */
        TenantDeletionList: {
            /** @description The first first. */
            items: components["schemas"]["TenantDeletion"][];
        };
        /** @description Tenants. */
        TenantList: {
            /** @description By id. */
            items: components["schemas"]["TenantAnswer"][];
        };
        /** @description A tenant to be made or changed. */
        TenantRequest: {
            /** @description Of a new one: small letters, digits, `-` and `_`. */
            id?: string | null;
            /** @description Of one that there is: whether everybody is refused. */
            suspended?: boolean | null;
            /**
             * Format: int64
             * @description Profiles after which no more are imported; 0 for no bound.
             */
            profiles?: number | null;
            /**
             * Format: int64
             * @description Segments after which no more are saved; 0 for no bound.
             */
            segments?: number | null;
            /**
             * Format: int64
             * @description Events after which no more are taken; 0 for no bound.
             */
            events?: number | null;
            /**
             * Format: int64
             * @description Bytes of memory for profiles, set aside for this tenant from its next request on; 0 for a share of the server's.
             */
            bytes?: number | null;
            /**
             * Format: int32
             * @description Requests a second of all its keys together; 0 for no bound.
             */
            requests_per_second?: number | null;
            /**
             * @description The currency of its amounts, a code of ISO 4217.
             * @example EUR
             */
            currency?: string | null;
            /**
             * @description The time zone of its days, a name of the IANA time zone database.
             * @example Europe/Berlin
             */
            time_zone?: string | null;
        };
        /** @description Who uses something. */
        UsedByAnswer: {
            /** @description The nearest first. */
            items: components["schemas"]["UserAnswer"][];
            /**
             * Format: int64
             * @description How many.
             */
            total: number;
            /**
             * Format: int64
             * @description Version of the data.
             */
            data_version: number;
        };
        /** @description Somebody who may sign in. */
        UserAccountAnswer: {
            /** @description What they sign in with. */
            name: string;
            /** @description Whose data. */
            tenant: string;
            /** @description What they may. */
            role: string;
            /** @description Whether they may not sign in. */
            disabled: boolean;
            /** @description Whether they have chosen a password. */
            has_password: boolean;
            /** @description Whether they have signed in at an issuer of OpenID Connect; then nobody else can by their name. */
            has_issuer: boolean;
            /** @description When the account was made. */
            created_at: string;
            /** @description Since when they may not sign in. */
            disabled_at?: string | null;
            /** @description When they last signed in. */
            signed_in_at?: string | null;
            /** @description Until when an invitation waits for them. */
            invited_until?: string | null;
        };
        /** @description What to change of an account; what is left out stays. */
        UserAccountChange: {
            /** @description The role, at once. */
            role?: string | null;
            /** @description `true` signs out everywhere and lets nobody sign in. */
            disabled?: boolean | null;
        };
        /** @description Everybody who may sign in. */
        UserAccountList: {
            /** @description By name. */
            items: components["schemas"]["UserAccountAnswer"][];
        };
        /** @description An account to make. */
        UserAccountRequest: {
            /** @description What to sign in with: an e-mail address is a good one. */
            name: string;
            /** @description `viewer`, `analyst`, `marketer`, `admin` or `operator`, as for keys. */
            role: string;
            /** @description Whose data; the own tenant when left out. */
            tenant?: string | null;
        };
        /** @description A segment or an audience that uses something. */
        UserAnswer: {
            /** @description `segment` or `audience`. */
            kind: string;
            /**
             * Format: int64
             * @description Which one.
             */
            id: number;
            /** @description Its name. */
            name: string;
            /** @description `draft`, `active` or `archived`. */
            status: string;
            /** @description Whether nothing stands between. */
            direct: boolean;
            /** @description The segments between, `{id, name}`, from the used one on. */
            via: Record<string, never>[];
        };
        Value: unknown;
        /** @description A value and how often it occurs. */
        ValueCount: {
            /** @description The value, or a member of a set. */
            value: unknown;
            /**
             * Format: int64
             * @description Profiles.
             */
            count: number;
        };
        /** @description What came of evaluating a snapshot's definition again. */
        VerificationAnswer: {
            /**
             * Format: int64
             * @description Which snapshot.
             */
            id: number;
            /** @description `reproduced`, `data_changed` (no verdict: profiles have changed since), `differs` or `damaged`. */
            status: string;
            /** @description The same in words. */
            message: string;
            /** @description As it was taken. */
            digest: string;
            /** @description Of the members that the frozen definition selects now; none when the data have changed. */
            digest_again?: string | null;
            /** @description Whether the stored members have the digest; none when some of them were erased. */
            stored_members_intact?: boolean | null;
            /**
             * Format: int64
             * @description Members that were erased since.
             */
            erased: number;
            /**
             * Format: int64
             * @description Version of the data that was evaluated.
             */
            data_version: number;
            /**
             * Format: int64
             * @description Version in which profiles have changed last.
             */
            profiles_version: number;
            /** @description The instant that was evaluated for. */
            now: string;
            /**
             * Format: int64
             * @description Microseconds to the answer.
             */
            took_us: number;
        };
        /** @description A version as it was saved. */
        VersionAnswer: components["schemas"]["VersionItem"] & {
            /**
             * Format: int64
             * @description The segment or audience.
             */
            id: number;
            /** @description Of a segment: `dynamic` or `static`. */
            segment_type?: string | null;
            /** @description The rule of a dynamic segment. */
            criteria?: Record<string, never> | null;
            /** @description The same as older systems write it. */
            conditions?: Record<string, never> | null;
            /** @description The same as text. */
            text?: string | null;
            customers?: components["schemas"]["IdReport"] | null;
            /** @description Of an audience: what it was made of. */
            audience_type?: string | null;
            /**
             * Format: int64
             * @description Of an audience: the campaign it was made for.
             */
            campaign_id?: number | null;
            /** @description `any` or `all`. */
            include_match?: string | null;
            /** @description Segments by id. */
            include_segments?: number[] | null;
            /** @description External ids. */
            include_customers?: string[] | null;
            /** @description Lists by id. */
            include_lists?: number[] | null;
            /** @description Segments by id. */
            exclude_segments?: number[] | null;
            /** @description External ids. */
            exclude_customers?: string[] | null;
            /** @description Lists by id. */
            exclude_lists?: number[] | null;
        };
        /** @description A version without what it holds. */
        VersionItem: {
            /**
             * Format: int64
             * @description 1, 2, 3, ...
             */
            version: number;
            /** @description Whether it is the current one. */
            is_current: boolean;
            /** @description When it was saved. */
            saved_at: string;
            /** @description Who saved it, in free words. */
            changed_by: string;
            /** @description What it was called. */
            name: string;
            /** @description What it was for. */
            description: string;
            /** @description Words to find it by. */
            tags: string[];
            /** @description `draft`, `active` or `archived`. */
            status: string;
            /** @description Whether that is `active`. */
            is_active: boolean;
            /** @description Who answered for it. */
            owner: string;
        };
        /** @description Versions that are kept, the newest first. */
        VersionList: {
            /** @description All of them, the current one first. */
            items: components["schemas"]["VersionItem"][];
            /**
             * Format: int64
             * @description So many are kept; of more the oldest are dropped.
             */
            kept_max: number;
            /**
             * Format: int64
             * @description So many were dropped.
             */
            dropped: number;
        };
        /** @description One step of an audience's waterfall: before - removed = left. */
        WaterfallStep: {
            /** @description The reason of whoever this takes out. */
            reason: string;
            /**
             * @description `segment`, `customers`, `list`, `suppression`, `no_consent`, `frequency_cap`, `higher_priority`, `control_group`,
             *     `holdout` or `split`.
             */
            kind: string;
            /** @description What a gate is called. */
            name: string;
            /**
             * Format: int64
             * @description People who came so far.
             */
            before: number;
            /**
             * Format: int64
             * @description Of those, whom this takes out.
             */
            removed: number;
            /**
             * Format: int64
             * @description People of the base whom nothing else would have taken out.
             */
            only: number;
            /**
             * Format: int64
             * @description People who go on.
             */
            left: number;
        };
        /** @description A webhook. */
        WebhookAnswer: {
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Where messages go. */
            url: string;
            /** @description Ids, or `"all"`. */
            segments: components["schemas"]["AllOrIds"];
            /** @description Whether messages are sent. */
            enabled: boolean;
            /** @description Why not. */
            disabled_because?: string | null;
            /** @description When it was made. */
            created_at: string;
            /**
             * Format: int64
             * @description The last entry that was taken.
             */
            since: number;
            /** @description The last attempts, the oldest first. */
            attempts: components["schemas"]["AttemptAnswer"][];
            /** @description What messages are signed with; only in the answer to its making. */
            secret?: string | null;
        };
        /** @description All webhooks. */
        WebhookList: {
            /** @description By id. */
            items: components["schemas"]["WebhookAnswer"][];
        };
        /** @description A receiver to be told. */
        WebhookRequest: {
            /**
             * @description A public https address.
             * @example https://example.com/hooks/muster
             */
            url: string;
            /** @description Names or ids; `"all"`, or nothing, for every segment there is and will be. */
            segments?: unknown;
            /** @description In a change: whether messages are sent. */
            enabled?: boolean | null;
        };
    };
    responses: {
        /** @description The body is not what it says, or ended before it was complete. */
        Refused400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Nobody, or nobody who is known. */
        Refused401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description A caller who may not. */
        Refused403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description There is no such thing, or it is somebody else's, or it is gone. */
        Refused404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description What is there stands in the way, or something else was asked under this idempotency key. */
        Refused409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description It has changed since it was read. */
        Refused412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description The body is too large. */
        Refused413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description The body's type is none that is read here. */
        Refused415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description All that is wrong with the request, each with its place. */
        Refused422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Asked too often: `Retry-After` says when to come back. */
        Refused429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description A mistake of the server's; the log has its cause under the request id. */
        Refused500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description Not now: the same request may be answered in a moment. */
        Refused503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
        /** @description There is no room: on disk, in memory, or in what the tenant may have. */
        Refused507: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDetails"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
