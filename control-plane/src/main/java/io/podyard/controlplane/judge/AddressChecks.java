package io.podyard.controlplane.judge;

import java.util.List;

/** That each address of a vSwitch is the one live group's that has it in its spec, or free. */
final class AddressChecks {

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.ADDRESSES,
              """
              select host(a.address), format('is an address of %s, which holds nothing of a host', a.group_id)
              from vswitch_address a left join reservation r on r.group_id = a.group_id
              where a.group_id is not null and r.group_id is null
              """),
          new DatabaseCheck(
              Rule.ADDRESSES,
              """
              select host(a.address), format('of vSwitch %s is an address of %s, which has %s of %s',
                                             a.vswitch_id, g.id,
                                             coalesce(g.spec -> 'address' ->> 'ip', 'none'),
                                             coalesce(g.spec -> 'vSwitch' ->> 'value', 'none'))
              from vswitch_address a join container_group g on g.id = a.group_id
              where (a.account_id, a.region, a.vswitch_id, host(a.address))
                    is distinct from (g.account_id, g.region, g.spec -> 'vSwitch' ->> 'value',
                                      g.spec -> 'address' ->> 'ip')
              """),
          new DatabaseCheck(
              Rule.ADDRESSES,
              """
              select g.id, format('has address %s, which nobody gave it', g.spec -> 'address' ->> 'ip')
              from container_group g join reservation r on r.group_id = g.id
              where g.spec -> 'address' ->> 'ip' is not null
                and not exists (select 1 from vswitch_address a where a.group_id = g.id)
              """),
          new DatabaseCheck(
              Rule.ADDRESSES,
              """
              select host(a.address), format('is no address for a group in %s of vSwitch %s',
                                             coalesce(v.cidr::text, 'no range'), v.id)
              from vswitch_address a
                   join vswitch v on (v.account_id, v.region, v.id) = (a.account_id, a.region, a.vswitch_id)
              where not coalesce(a.address > host(network(v.cidr))::inet
                                 and a.address < host(broadcast(v.cidr))::inet - 2, false)
              """),
          new DatabaseCheck(
              Rule.ADDRESSES,
              """
              select v.id, format('has given %s addresses and knows %s', v.addresses_touched,
                                  count(a.address))
              from vswitch v left join vswitch_address a
                   on (v.account_id, v.region, v.id) = (a.account_id, a.region, a.vswitch_id)
              group by v.account_id, v.region, v.id
              having v.addresses_touched <> count(a.address)
              """));

  private AddressChecks() {}
}
