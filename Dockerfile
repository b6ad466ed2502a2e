# An image of the control plane; `simulated-hosts` and `judge` are in it as well.
#
#   docker build -t podyard .                    builds from the sources, inside
#   docker build -t podyard --target packaged .  takes control-plane/target/*.jar, as
#                                                `./mvnw -DskipTests -pl control-plane -am package`
#                                                leaves it; for pipelines that have it already
#
# The base images can be replaced, by those of a registry of your own for example:
#   --build-arg JDK_IMAGE=...      with Maven 3.8 or newer and JDK 25
#   --build-arg JAVA_IMAGE=...     with Java 25 and bash

ARG JDK_IMAGE=maven:3.9-eclipse-temurin-25
ARG JAVA_IMAGE=eclipse-temurin:25-jre

# --- What both ways have in common ---
FROM ${JAVA_IMAGE} AS common
# An entry of its own for PostgreSQL, which asks who it runs as where no other database is given.
RUN echo 'podyard:x:10001:10001::/var/lib/podyard:/bin/sh' >> /etc/passwd && \
    echo 'podyard:x:10001:' >> /etc/group && \
    mkdir -p /opt/podyard /var/lib/podyard /run/podyard && \
    chown 10001:10001 /var/lib/podyard /run/podyard
ENV HOME=/var/lib/podyard \
    PODYARD_DATA_DIR=/var/lib/podyard \
    PODYARD_BIND=0.0.0.0
COPY deploy/is-ready /usr/local/bin/is-ready
WORKDIR /var/lib/podyard
# The data folder. /run/podyard is for the socket of simulated hosts that several processes share.
VOLUME ["/var/lib/podyard", "/run/podyard"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=2m --retries=3 CMD ["/usr/local/bin/is-ready"]
# More options for Java: JDK_JAVA_OPTIONS in the environment.
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-Xlog:aot*=error", "-XX:AOTCache=/opt/podyard/podyard.aot", "-jar", "/opt/podyard/podyard.jar"]
CMD ["server"]

# --- The packaged application, apart: it starts faster so ---
FROM common AS packaged-parts
COPY control-plane/target/podyard-control-plane-*.jar /podyard.jar
COPY deploy/take-apart /usr/local/bin/take-apart
RUN chown 10001:10001 /opt/podyard
USER 10001:10001
RUN ["take-apart"]

FROM common AS packaged
COPY --from=packaged-parts --chown=0:0 /opt/podyard /opt/podyard
USER 10001:10001

# --- The same from the sources ---
FROM ${JDK_IMAGE} AS build
WORKDIR /src
COPY . .
RUN rm -f control-plane/target/*.jar && \
    ./mvnw -B -ntp -DskipTests -pl control-plane -am package && \
    cp control-plane/target/podyard-control-plane-*.jar /podyard.jar

FROM common AS parts
COPY --from=build /podyard.jar /podyard.jar
COPY deploy/take-apart /usr/local/bin/take-apart
RUN chown 10001:10001 /opt/podyard
USER 10001:10001
RUN ["take-apart"]

FROM common AS from-sources
COPY --from=parts --chown=0:0 /opt/podyard /opt/podyard
USER 10001:10001
