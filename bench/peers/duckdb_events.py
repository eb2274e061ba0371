"""DuckDB with a month of events in memory, in the columns that suit it: a number for a person, an enum for a type."""

import duckdb


class Engine:
    version = duckdb.__version__

    def load(self, path, threads):
        self.connection = duckdb.connect()
        self.connection.execute(f"set threads={threads}")
        self.connection.execute("set timezone='UTC'")
        self.connection.execute("create type act as enum ('view', 'cart', 'purchase')")
        self.connection.execute(
            "create table events as select cast(substring(profile_id, 2) as uinteger) person, cast(type as act) type, "
            "epoch_us(time) as time, cast(price * 100 as integer) cents, category, brand "
            f"from read_parquet('{path}')"
        )

    def metrics(self, path, now):
        """Groups a file by person into what the ready-made set "shop" makes of it; bands of the population left out."""
        self.connection.execute(
            f"""create table metrics as
            with e as (select profile_id id, type, time, amount, category, brand from read_parquet('{path}')),
            base as (select id,
                count(*) filter (type = 'purchase') purchase_count,
                coalesce(sum(amount) filter (type = 'purchase'), 0) total_spent,
                min(time) filter (type = 'purchase') first_purchase,
                max(time) filter (type = 'purchase') last_purchase,
                min(amount) filter (type = 'purchase') price_min,
                max(amount) filter (type = 'purchase') price_max,
                count(*) filter (type = 'view') as views,
                count(*) filter (type = 'cart') carts,
                count(*) filter (type = 'purchase' and epoch_us(time) >= {now} - 2592000000000) purchases_30_days,
                count(*) filter (type = 'view' and epoch_us(time) >= {now} - 2592000000000) views_30_days,
                count(*) filter (type = 'cart' and epoch_us(time) >= {now} - 2592000000000) carts_30_days
                from e group by id),
            days as ({self.top("isodow(make_timestamp(epoch_us(time)))", 2)}), cats as ({self.top("category", 3)}),
            brands as ({self.top("brand", 3)}),
            more as (select *, round(total_spent / nullif(purchase_count, 0), 2) avg_order,
                round(100.0 * purchase_count / nullif(views, 0), 2) conversion_rate,
                ({now} - epoch_us(last_purchase)) // 86400000000 recency_days from base)
            select more.*, days.top preferred_days, cats.top favourite_categories, brands.top favourite_brands,
                round(25 * least(views_30_days / 50, 1) + 20 * least(carts_30_days / 5, 1)
                    + 30 * least(purchases_30_days / 3, 1)
                    + 25 * coalesce(1 - least(recency_days / 90, 1), 0)) engagement_score,
                round(60 * coalesce(least(recency_days / 180, 1), 1) + 25 * (1 - least(views_30_days / 20, 1))
                    + 15 * (1 - least(purchases_30_days, 1))) churn_risk
            from more left join days using (id) left join cats using (id) left join brands using (id)"""
        )

    def top(self, item, most):
        return (
            f"select id, list(item order by n desc, item)[1:{most}] top from (select id, {item} item, count(*) n from e "
            f"where type = 'purchase' and {item} is not null group by all) group by id"
        )

    def memory_bytes(self):
        return int(self.connection.execute("select sum(memory_usage_bytes) from duckdb_memory()").fetchone()[0])

    def prepare(self, sql):
        return lambda: self.connection.execute(sql).fetchone()[0]
