package io.podyard.controlplane.judge;

import java.util.List;

/** That what is used of quotas is the sum of the live groups. */
final class QuotaChecks {

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.QUOTAS,
              """
              select format('%s in %s', account_id, region),
                     format('uses %s milli-vCPU in %s groups of its quotas, its live groups are %s'
                              || ' milli-vCPU in %s',
                            coalesce(q.used_milli_cpu, 0), coalesce(q.used_groups, 0),
                            coalesce(g.milli_cpu, 0), coalesce(g.groups, 0))
              from quota_used q full join (
                     select account_id, region, sum(quota_milli_cpu(milli_cpu, spec)) as milli_cpu,
                            count(*) as groups
                     from container_group where counts_in_quota(status)
                     group by account_id, region) g using (account_id, region)
              where (coalesce(q.used_milli_cpu, 0), coalesce(q.used_groups, 0))
                    <> (coalesce(g.milli_cpu, 0), coalesce(g.groups, 0))
              """));

  private QuotaChecks() {}
}
