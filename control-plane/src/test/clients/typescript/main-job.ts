/**
 * What Podyard is there for, with the client that OpenAPI Generator makes of its document. Takes the
 * endpoint and an access key from PODYARD_ENDPOINT, KEY and SECRET; prints what it did; ends with an
 * exit code if anything is not as it should be.
 */
import {
    Configuration,
    ContainerGroupsApi,
    ContainersApi,
    ProblemDetails,
    ProblemDetailsFromJSON,
    ResponseError,
    TagsApi,
    UsageApi,
} from './typescript-client';
import type {
    Container,
    CreateContainerGroupRequest,
    DescribeContainerGroupResponse,
} from './typescript-client';

// All that is used of Node itself, so that its types are not needed.
declare const process: { env: Record<string, string>; exitCode?: number };

const LONGEST_MILLIS = 60_000;
const PER_SECOND = 0.00012252;

// tag::client[]
const configuration = new Configuration({
    basePath: process.env.PODYARD_ENDPOINT,
    username: process.env.KEY,
    password: process.env.SECRET,
});
const groups = new ContainerGroupsApi(configuration);
// end::client[]
const containers = new ContainersApi(configuration);
const tags = new TagsApi(configuration);
const usage = new UsageApi(configuration);

function check(right: boolean, what: string): void {
    if (!right) {
        throw new Error(what);
    }
}

function same(left: unknown, right: unknown): boolean {
    return JSON.stringify(left) === JSON.stringify(right);
}

const shared = [{ name: 'shared', mountPath: '/shared' }];

// tag::create[]
const twoContainersAndAFolder: CreateContainerGroupRequest = {
    containerGroupName: 'typescript-client',
    cpu: 2,
    memory: 4,
    volume: [{ name: 'shared', type: 'EmptyDirVolume', emptyDirVolume: {} }],
    initContainer: [
        {
            name: 'prepare',
            image: 'busybox:1.37',
            command: ['sh', '-c', 'echo prepared'],
            volumeMount: shared,
        },
    ],
    container: [
        { name: 'web', image: 'nginx:1.29', volumeMount: shared },
        { name: 'reader', image: 'busybox:1.37', volumeMount: shared },
    ],
    tag: [{ key: 'job', value: 'typescript' }],
};
// end::create[]

function small(name: string): CreateContainerGroupRequest {
    return {
        containerGroupName: name,
        container: [{ name: 'main', image: 'nginx:1.29' }],
        tag: [{ key: 'job', value: 'typescript' }],
    };
}

async function create(request: CreateContainerGroupRequest, key?: string): Promise<string> {
    const created = await groups.createContainerGroup({
        createContainerGroupRequest: request,
        idempotencyKey: key,
    });
    return created.containerGroupId;
}

async function until(
    what: string,
    containerGroupId: string,
    reached: (group: DescribeContainerGroupResponse) => boolean,
): Promise<DescribeContainerGroupResponse> {
    const end = Date.now() + LONGEST_MILLIS;
    for (;;) {
        const group = await groups.describeContainerGroup({ containerGroupId });
        if (reached(group)) {
            return group;
        }
        check(Date.now() < end, `${what}: ${containerGroupId} is ${group.status}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

/** The problem that a call is refused with. */
async function refused(status: number, call: () => Promise<unknown>): Promise<ProblemDetails> {
    try {
        await call();
    } catch (error) {
        if (!(error instanceof ResponseError)) {
            throw error;
        }
        check(error.response.status === status, `status ${error.response.status}`);
        // tag::problem[]
        const problem = ProblemDetailsFromJSON(await error.response.json());
        // end::problem[]
        check(problem.status === status, 'status in the body');
        check(
            error.response.headers.get('x-acs-request-id') === problem.requestId,
            'request id',
        );
        return problem;
    }
    throw new Error('it was not refused');
}

async function aWrongCreateIsRefused(): Promise<void> {
    const problem = await refused(400, () =>
        create({ ...small('Not a name'), restartPolicy: 'Sometimes', cpu: -1 }),
    );
    const fields = problem.errors.map((error) => error.parameter).sort();
    check(same(fields, ['containerGroupName', 'cpu', 'restartPolicy']), `wrong fields ${fields}`);
    check(problem.code.startsWith('InvalidParameter'), problem.code);
    console.log(`refused ${problem.code} [${fields.join(', ')}]`);
    const dry = await refused(400, () => create({ ...small('fine'), dryRun: true }));
    check(dry.code === 'DryRunOperation', dry.code);
}

async function aGroupRuns(): Promise<string> {
    const id = await create(twoContainersAndAFolder, 'typescript-1');
    check((await create(twoContainersAndAFolder, 'typescript-1')) === id, 'two groups of one key');
    const group = await until('runs', id, (now) => now.status === 'Running');
    check(group.cpu === 2 && group.memory === 4, 'size');
    check(group.intranetIp !== undefined, 'no address');
    check(group.creationTime.getTime() <= Date.now(), 'when it was created');
    check(group.initContainers[0].ready, 'the init container is not done');
    check(group.volumes[0].type === 'EmptyDirVolume', 'no volume of the group');
    check(!group.ended, 'it has ended');
    console.log(`running ${id} at ${group.intranetIp}`);
    return id;
}

async function log(containerGroupId: string, containerName: string): Promise<string> {
    const answer = await containers.describeContainerLog({
        containerGroupId,
        containerName,
        tail: 100,
        startTime: new Date(Date.now() - 3_600_000),
    });
    return answer.content;
}

async function itsContainersCanBeLookedInto(containerGroupId: string): Promise<void> {
    check((await log(containerGroupId, 'web')).includes('nginx:1.29'), 'log of web');
    check((await log(containerGroupId, 'prepare')).includes('prepared'), 'log of the init container');
    const said = await containers.execContainerCommand({
        containerGroupId,
        containerName: 'reader',
        execContainerCommandRequest: { command: ['echo', 'grüße aus typescript'], sync: true },
    });
    check(said.syncResponse === 'grüße aus typescript\n', `exec said ${said.syncResponse}`);
    const { events } = await groups.describeContainerGroupEvents({ containerGroupId });
    for (const event of events) {
        check(event.count >= 1, `count of ${event.reason}`);
        check(event.lastTimestamp >= event.firstTimestamp, 'times');
        check(event.involvedObject.uid === containerGroupId, 'whose event');
    }
    const reasons = events.map((event) => event.reason);
    check(
        ['Scheduled', 'Pulled', 'Started'].every((reason) => reasons.includes(reason)),
        `events ${reasons}`,
    );
    console.log(`looked into ${containerGroupId}`);
}

function container(group: DescribeContainerGroupResponse, name: string): Container {
    const found = group.containers.find((one) => one.name === name);
    if (found === undefined) {
        throw new Error(`no ${name}`);
    }
    return found;
}

async function itIsChangedAndRestarted(containerGroupId: string): Promise<void> {
    await groups.updateContainerGroup({
        containerGroupId,
        updateContainerGroupRequest: {
            updateType: 'IncrementalUpdate',
            container: [{ name: 'reader', image: 'busybox:1.38' }],
        },
    });
    const changed = await until(
        'is changed',
        containerGroupId,
        (now) => now.status === 'Running' && container(now, 'reader').image === 'busybox:1.38',
    );
    check(container(changed, 'web').restartCount === 0, 'web was not to be touched');
    await groups.restartContainerGroup({
        containerGroupId,
        restartContainerGroupRequest: { clientToken: 'typescript-restart' },
    });
    await until(
        'is restarted',
        containerGroupId,
        (now) => now.status === 'Running' && container(now, 'web').restartCount === 1,
    );
    console.log(`changed and restarted ${containerGroupId}`);
}

async function tagsOf(containerGroupId: string): Promise<string[]> {
    const { tagResources } = await tags.listTagResources({
        resourceType: 'ContainerGroup',
        resourceId: [containerGroupId],
    });
    return tagResources.map((row) => `${row.tagKey}=${row.tagValue}`).sort();
}

async function itIsTagged(containerGroupId: string): Promise<void> {
    const resource = { resourceType: 'ContainerGroup', resourceId: [containerGroupId] };
    await tags.tagResources({
        tagResourcesRequest: { ...resource, tag: [{ key: 'team', value: 'blue & green' }] },
    });
    const both = await tagsOf(containerGroupId);
    check(same(both, ['job=typescript', 'team=blue & green']), `tags ${both}`);
    await tags.untagResources({ ...resource, tagKey: ['team'] });
    const one = await tagsOf(containerGroupId);
    check(same(one, ['job=typescript']), `tags ${one}`);
    console.log(`tagged ${containerGroupId}`);
}

/** All groups with the tag, two on a page. */
async function listed(): Promise<string[]> {
    // tag::pages[]
    const ids: string[] = [];
    let nextToken: string | undefined;
    do {
        const page = await groups.describeContainerGroups({
            tag: ['job=typescript'],
            limit: 2,
            nextToken,
        });
        ids.push(...page.containerGroups.map((group) => group.containerGroupId));
        nextToken = page.nextToken;
    } while (nextToken);
    // end::pages[]
    return ids.sort();
}

async function itIsBilled(containerGroupId: string): Promise<void> {
    const { cost } = await until('is billed', containerGroupId, (now) => now.cost.seconds >= 1);
    check(cost.metering, 'the meter runs');
    check(cost.pricePerSecond === String(PER_SECOND), `price ${cost.pricePerSecond}`);
    const { groups: used } = await usage.describeUsage({
        containerGroupId,
        from: new Date(Date.now() - 3_600_000),
    });
    const amount = used[0].amounts[0].amount;
    check(
        Math.abs(Number(amount) - PER_SECOND * used[0].seconds) < 1e-12,
        `${amount} for ${used[0].seconds} s`,
    );
    console.log(`billed ${containerGroupId} ${amount} ${cost.currency}`);
}

async function end(containerGroupId: string): Promise<void> {
    await groups.deleteContainerGroup({ containerGroupId });
    const gone = await until('is gone', containerGroupId, (now) => now.ended);
    check(gone.status === 'Deleted', gone.status);
    check(!gone.cost.metering, 'the meter has stopped');
    const problem = await refused(404, () => groups.deleteContainerGroup({ containerGroupId }));
    check(problem.code === 'InvalidParameter.NotFound', problem.code);
    console.log(`gone ${containerGroupId}`);
}

async function mainJob(): Promise<void> {
    await aWrongCreateIsRefused();
    const id = await aGroupRuns();
    await itsContainersCanBeLookedInto(id);
    await itIsChangedAndRestarted(id);
    await itIsTagged(id);
    const ids = [id];
    for (let i = 0; i < 4; i++) {
        ids.push(await create(small(`typescript-client-${i}`)));
    }
    ids.sort();
    const found = await listed();
    check(same(found, ids), `listed ${found}, not ${ids}`);
    console.log(`listed ${ids.length}`);
    await itIsBilled(id);
    for (const one of ids) {
        await end(one);
    }
    check((await listed()).length === 0, 'something is left');
    console.log('done');
}

mainJob().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
