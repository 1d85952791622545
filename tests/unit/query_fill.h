/* A result of what is in an index already: as if all of it had just come. */
#ifndef TESTS_UNIT_QUERY_FILL_H
#define TESTS_UNIT_QUERY_FILL_H

#include "feeds/query.h"

static inline void query_fill(
    const struct query *query, struct query_result *result, const struct index *index)
{
	struct index_delta all = {.left = VEC_INIT, .entered = VEC_INIT};

	for (size_t i = 0; i < index_len(index); i++)
		if (index_admitted(index, i))
			vec_push(&all.entered,
			    ((struct index_ref){index_at(index, i), slots_at(&index->order, i)}));
	query_update(query, result, index, &all);
	vec_free(&all.entered);
}

#endif
